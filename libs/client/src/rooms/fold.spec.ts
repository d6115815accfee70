import {
  calls,
  type Entry,
  foldReactions,
  type Mention,
  type MessageCreated,
  type MessagesDeleted,
  type RoomOverview,
} from '@veche/protocol';
import fc from 'fast-check';
import { foldOverview, foldShown, recounts } from './fold';

const at = '2026-01-02T03:04:05.678Z';
const later = '2026-01-02T04:00:00.000Z';
const message = (seq: number, actorId: string): MessageCreated => ({
  roomId: 'r',
  seq,
  actorId,
  at,
  type: 'message.created',
  id: `m${seq}`,
  text: 'text',
  clientId: `c${seq}`,
  mentions: [],
  reactions: [],
});
const deletion: MessagesDeleted = {
  roomId: 'r',
  seq: 5,
  actorId: 'a',
  at: later,
  type: 'messages.deleted',
  userId: 'a',
};

describe('messages of an account that was deleted', () => {
  it('lose their texts, and nobody else loses any', () => {
    expect(foldShown(message(4, 'a'), deletion, 'b')).toEqual({
      ...message(4, 'a'),
      text: '',
      clientId: '',
      deletedAt: later,
    });
    const others = message(3, 'b');
    expect(foldShown(others, deletion, 'b')).toBe(others);
  });

  it('lose their files', () => {
    const attachments = [{ id: 'f', name: 'a file', size: 1, type: 'text/plain', thumbnails: [] }];
    expect(foldShown({ ...message(4, 'a'), attachments }, deletion, 'b').attachments).toBeUndefined();
  });

  it('were deleted when they were, if that was before', () => {
    expect(foldShown({ ...message(4, 'a'), deletedAt: at }, deletion, 'b').deletedAt).toBe(at);
  });

  it('are those before the entry that says so, and change with no other entry', () => {
    const newer = message(6, 'a');
    expect(foldShown(newer, deletion, 'b')).toBe(newer);
    const left: Entry = { ...deletion, type: 'member.left' };
    expect(foldShown(message(4, 'a'), left, 'b').text).toBe('text');
  });

  it('are shown so in the list of rooms, and counted as before', () => {
    const room: RoomOverview = {
      id: 'r',
      kind: 'public',
      topic: '',
      createdAt: at,
      createdBy: 'a',
      memberCount: 2,
      lastSeq: 4,
      readSeq: 1,
      unread: 2,
      mentions: 0,
      lastMessage: message(4, 'a'),
    };
    expect(foldOverview(room, deletion, 'b')).toMatchObject({
      lastSeq: 5,
      unread: 2,
      lastMessage: { seq: 4, text: '', deletedAt: later },
    });
  });
});

describe('messages that change', () => {
  interface Step {
    act: 'say' | 'edit' | 'delete' | 'react' | 'unreact' | 'pin' | 'unpin';
    of: number;
    by: string;
    emoji: string;
    names: Mention[];
    /** How the client hears of it: it asks, it is told, or not now. */
    hears: 'page' | 'told' | 'later';
  }
  const people = Array.from({ length: 13 }, (_, i) => `user-${i}`);
  const me = 'user-2';
  const step: fc.Arbitrary<Step> = fc.record({
    act: fc.constantFrom('say', 'edit', 'delete', 'react', 'react', 'react', 'unreact', 'pin', 'unpin'),
    of: fc.nat(6),
    by: fc.constantFrom(...people),
    emoji: fc.constantFrom('👍', '❤️'),
    names: fc.subarray<Mention>(
      [{ kind: 'user', id: 'a', name: 'a' }, { kind: 'user', id: me, name: 'b' }, { kind: 'here' }],
      { maxLength: 1 },
    ),
    hears: fc.constantFrom('page', 'told', 'later'),
  });
  const json = (entries: readonly Entry[]): unknown => JSON.parse(JSON.stringify(entries));
  const moment = (seq: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, seq)).toISOString();

  /** The log as the server has it: the messages' rows, and entries that are read with what these say now. */
  class Server {
    readonly rows: Entry[] = [];
    /** Who reacted how, by message: what is kept beside what is shown. */
    private readonly reacted = new Map<number, Set<string>>();

    take({ act, of, by, emoji, names: mentions }: Step): void {
      const seq = this.rows.length + 1;
      const head = { roomId: 'r', seq, actorId: by, at: moment(seq) };
      const target = (of % seq) + 1;
      const row = this.rows[target - 1];
      if (act === 'say') this.rows.push({ ...message(seq, by), at: head.at, text: `text ${seq}`, mentions });
      if (act === 'say' || row?.type !== 'message.created' || row.deletedAt !== undefined) return;
      // nobody but its author edits a message
      if (act === 'edit' && row.actorId !== by) return;
      const those = this.reacted.get(target) ?? new Set();
      const text = `text ${target}, edited at ${seq}`;
      switch (act) {
        case 'edit':
          this.rows[target - 1] = { ...row, text, mentions, editedAt: head.at };
          this.rows.push({ ...head, type: 'message.edited', target, mentions: [] });
          break;
        case 'delete':
          this.rows[target - 1] = {
            ...row,
            text: '',
            clientId: '',
            mentions: [],
            editedAt: undefined,
            deletedAt: head.at,
            reactions: [],
            reactionsSeq: undefined,
            pinnedBy: undefined,
            pinnedAt: undefined,
          };
          this.rows.push({ ...head, type: 'message.deleted', target });
          break;
        case 'pin':
          if (row.pinnedBy !== undefined) return;
          this.rows[target - 1] = { ...row, pinnedBy: by, pinnedAt: head.at };
          this.rows.push({ ...head, type: 'message.pinned', target });
          break;
        case 'unpin':
          if (row.pinnedBy === undefined) return;
          this.rows[target - 1] = { ...row, pinnedBy: undefined, pinnedAt: undefined };
          this.rows.push({ ...head, type: 'message.unpinned', target });
          break;
        default: {
          const on = act === 'react';
          if (those.has(`${by} ${emoji}`) === on) return;
          if (on) those.add(`${by} ${emoji}`);
          else those.delete(`${by} ${emoji}`);
          this.reacted.set(target, those);
          const reactions = foldReactions(row.reactions, { emoji, userId: by, on });
          this.rows[target - 1] = { ...row, reactions, reactionsSeq: seq };
          this.rows.push({ ...head, type: on ? 'reaction.added' : 'reaction.removed', target, emoji });
        }
      }
    }

    /** @param told whether it is what everybody gets, who has heard of all that was before */
    read(after: number, told = false): Entry[] {
      return this.rows.slice(after).map((entry) => {
        if (entry.type === 'message.created') {
          if (told) return { ...entry, reactions: [], reactionsSeq: undefined };
          const own = (emoji: string) => this.reacted.get(entry.seq)?.has(`${me} ${emoji}`) ?? false;
          return { ...entry, reactions: entry.reactions.map((r) => ({ ...r, mine: own(r.emoji) })) };
        }
        if (entry.type !== 'message.edited') return entry;
        const row = this.rows[entry.target - 1];
        const isThere = row?.type === 'message.created' && row.deletedAt === undefined;
        return isThere
          ? { ...entry, text: row.text, mentions: row.mentions }
          : { ...entry, text: undefined, mentions: [] };
      });
    }
  }

  it('are to a client, however late it hears of them, what a fresh fetch gives', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const server = new Server();
        let held: Entry[] = [];
        const catchUp = (told: boolean): void => {
          for (const entry of server.read(held.length, told))
            held = [...held.map((shown) => foldShown(shown, entry, me)), entry];
        };
        for (const one of steps) {
          server.take(one);
          if (one.hears !== 'later') catchUp(one.hears === 'told');
        }
        catchUp(true);
        expect(json(held)).toEqual(json(server.read(0)));
      }),
    );
  });

  it('are counted as a count of all of them has it, where they call the reader', () => {
    const of = (entries: readonly Entry[]): number =>
      entries.filter((e) => e.type === 'message.created' && calls(e, me)).length;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const server = new Server();
        let held: Entry[] = [];
        let room = { readSeq: 0, unread: 0, mentions: 0 } as RoomOverview;
        for (const one of steps) {
          server.take(one);
          if (one.hears === 'later') continue;
          for (const entry of server.read(held.length)) {
            held = [...held.map((shown) => foldShown(shown, entry, me)), entry];
            room = foldOverview(room, entry, me);
            if (recounts(room, entry, me)) room = { ...room, mentions: of(held) };
          }
          expect(room.mentions).toBe(of(server.read(0)));
        }
      }),
    );
  });
});
