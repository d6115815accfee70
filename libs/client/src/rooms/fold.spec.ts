import type { Entry, MessageCreated, MessagesDeleted, RoomOverview } from '@veche/protocol';
import fc from 'fast-check';
import { foldOverview, foldShown } from './fold';

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
  type Step = { act: 'say' | 'edit' | 'delete'; of: number; by: 'a' | 'b'; catchUp: boolean };
  const step: fc.Arbitrary<Step> = fc.record({
    act: fc.constantFrom('say', 'say', 'edit', 'delete'),
    of: fc.nat(20),
    by: fc.constantFrom('a', 'b'),
    catchUp: fc.boolean(),
  });
  const json = (entries: readonly Entry[]): unknown => JSON.parse(JSON.stringify(entries));
  const moment = (seq: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, seq)).toISOString();

  /** The log as the server has it: the messages' rows, and entries that are read with what these say now. */
  class Server {
    readonly rows: Entry[] = [];

    take({ act, of, by }: Step): void {
      const seq = this.rows.length + 1;
      const head = { roomId: 'r', seq, actorId: by, at: moment(seq) };
      const target = (of % seq) + 1;
      const row = this.rows[target - 1];
      if (act === 'say') this.rows.push({ ...message(seq, by), at: head.at, text: `text ${seq}` });
      if (act === 'say' || row?.type !== 'message.created' || row.deletedAt !== undefined) return;
      const text = `text ${target}, edited at ${seq}`;
      this.rows[target - 1] =
        act === 'edit'
          ? { ...row, text, editedAt: head.at }
          : { ...row, text: '', clientId: '', editedAt: undefined, deletedAt: head.at };
      this.rows.push({ ...head, type: act === 'edit' ? 'message.edited' : 'message.deleted', target });
    }

    read(after: number): Entry[] {
      return this.rows.slice(after).map((entry) => {
        if (entry.type !== 'message.edited') return entry;
        const row = this.rows[entry.target - 1];
        const isThere = row?.type === 'message.created' && row.deletedAt === undefined;
        return { ...entry, text: isThere ? row.text : undefined };
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
});
