import {
  calls,
  type Entry,
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
    expect(foldShown(message(4, 'a'), deletion)).toEqual({
      ...message(4, 'a'),
      text: '',
      clientId: '',
      deletedAt: later,
    });
    const others = message(3, 'b');
    expect(foldShown(others, deletion)).toBe(others);
  });

  it('were deleted when they were, if that was before', () => {
    expect(foldShown({ ...message(4, 'a'), deletedAt: at }, deletion).deletedAt).toBe(at);
  });

  it('are those before the entry that says so, and change with no other entry', () => {
    const newer = message(6, 'a');
    expect(foldShown(newer, deletion)).toBe(newer);
    const left: Entry = { ...deletion, type: 'member.left' };
    expect(foldShown(message(4, 'a'), left).text).toBe('text');
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
  type Step = {
    act: 'say' | 'edit' | 'delete';
    of: number;
    by: 'a' | 'b';
    names: Mention[];
    catchUp: boolean;
  };
  const step: fc.Arbitrary<Step> = fc.record({
    act: fc.constantFrom('say', 'say', 'edit', 'delete'),
    of: fc.nat(20),
    by: fc.constantFrom('a', 'b'),
    names: fc.subarray<Mention>(
      [{ kind: 'user', id: 'a', name: 'a' }, { kind: 'user', id: 'b', name: 'b' }, { kind: 'here' }],
      {
        maxLength: 1,
      },
    ),
    catchUp: fc.boolean(),
  });
  const json = (entries: readonly Entry[]): unknown => JSON.parse(JSON.stringify(entries));
  const moment = (seq: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, seq)).toISOString();

  /** The log as the server has it: the messages' rows, and entries that are read with what these say now. */
  class Server {
    readonly rows: Entry[] = [];

    take({ act, of, by, names: mentions }: Step): void {
      const seq = this.rows.length + 1;
      const head = { roomId: 'r', seq, actorId: by, at: moment(seq) };
      const target = (of % seq) + 1;
      const row = this.rows[target - 1];
      if (act === 'say') this.rows.push({ ...message(seq, by), at: head.at, text: `text ${seq}`, mentions });
      if (act === 'say' || row?.type !== 'message.created' || row.deletedAt !== undefined) return;
      // nobody but its author edits a message
      if (act === 'edit' && row.actorId !== by) return;
      const text = `text ${target}, edited at ${seq}`;
      this.rows[target - 1] =
        act === 'edit'
          ? { ...row, text, mentions, editedAt: head.at }
          : { ...row, text: '', clientId: '', mentions: [], editedAt: undefined, deletedAt: head.at };
      this.rows.push(
        act === 'edit'
          ? { ...head, type: 'message.edited', target, mentions: [] }
          : { ...head, type: 'message.deleted', target },
      );
    }

    read(after: number): Entry[] {
      return this.rows.slice(after).map((entry) => {
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
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const server = new Server();
        let held: Entry[] = [];
        const catchUp = (): void => {
          for (const entry of server.read(held.length))
            held = [...held.map((shown) => foldShown(shown, entry)), entry];
        };
        for (const one of steps) {
          server.take(one);
          if (one.catchUp) catchUp();
        }
        catchUp();
        expect(json(held)).toEqual(json(server.read(0)));
      }),
    );
  });

  it('are counted as a count of all of them has it, where they call the reader', () => {
    const of = (entries: readonly Entry[]): number =>
      entries.filter((e) => e.type === 'message.created' && calls(e, 'b')).length;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const server = new Server();
        let held: Entry[] = [];
        let room = { readSeq: 0, unread: 0, mentions: 0 } as RoomOverview;
        for (const one of steps) {
          server.take(one);
          if (!one.catchUp) continue;
          for (const entry of server.read(held.length)) {
            held = [...held.map((shown) => foldShown(shown, entry)), entry];
            room = foldOverview(room, entry, 'b');
            if (recounts(room, entry, 'b')) room = { ...room, mentions: of(held) };
          }
          expect(room.mentions).toBe(of(server.read(0)));
        }
      }),
    );
  });
});
