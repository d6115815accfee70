import type { Connection } from './connection';
import { emitTo, Frames } from './frames';
import { lookedAt } from './socket.metrics';
import { TypingBoard } from './typing.rules';

/** Rooms that one connection may look at. One more ends the look at the first: there are clients that never look away. */
const MOST_ROOMS = 50;
/** How long what was heard of typing waits for more. */
const TYPING_MS = 200;
/** How often it is looked whether somebody has stopped. */
const TYPING_TICK_MS = 1_000;
/** How long read marks wait for more. */
const MARKS_MS = 500;

type Looker = Pick<Connection, 'principal' | 'open' | 'write'>;

/** A room that somebody here looks at. */
class LookedAt<L> {
  readonly lookers = new Set<L>();
  readonly typing = new TypingBoard();
  typingTimer?: NodeJS.Timeout | undefined;
  /** When that one is due. */
  typingAt = 0;
  /** How far each has read, as it was not told yet. */
  readonly marks = new Map<string, number>();
  marksTimer?: NodeJS.Timeout | undefined;
}

/**
 * Which connections look at which rooms, and what only those are told: who writes, and how far others have read. It is
 * gathered for a moment, so that a room costs its lookers some frames in a second, however many do it.
 */
export class Looks<L extends Looker> {
  private readonly rooms = new Map<string, LookedAt<L>>();
  private readonly ofConnection = new Map<L, Set<string>>();

  /**
   * @param mayHear whether a connection is told what happens in the room: nobody is who is no member
   * @param now in milliseconds, from wherever
   */
  constructor(
    readonly mayHear: (roomId: string, connection: L) => boolean,
    private readonly now: () => number = () => performance.now(),
    /** Nobody looks at a room any more. */
    private readonly left: (roomId: string) => void = () => undefined,
  ) {}

  enter(roomId: string, connection: L): void {
    // it may have gone while it was let in
    if (!connection.open) return;
    const own = this.ofConnection.get(connection) ?? new Set<string>();
    this.ofConnection.set(connection, own);
    own.delete(roomId);
    own.add(roomId);
    const [first = ''] = own;
    if (own.size > MOST_ROOMS) this.exit(first, connection);
    const room = this.rooms.get(roomId) ?? new LookedAt<L>();
    this.rooms.set(roomId, room);
    room.lookers.add(connection);
    lookedAt.set(this.rooms.size);
    const told = this.mayHear(roomId, connection) ? [connection] : [];
    for (const userId of room.typing.typists) this.tellTyping(roomId, told, { userId, on: true });
  }

  exit(roomId: string, connection: L): void {
    const own = this.ofConnection.get(connection);
    if (!own?.delete(roomId)) return;
    if (own.size === 0) this.ofConnection.delete(connection);
    const room = this.rooms.get(roomId);
    room?.lookers.delete(connection);
    if (room?.lookers.size === 0) this.forget(roomId, room);
  }

  /** The connection is gone. */
  remove(connection: L): void {
    for (const roomId of [...(this.ofConnection.get(connection) ?? [])]) this.exit(roomId, connection);
  }

  /** Those who look at a room and are told what happens there. */
  of(roomId: string): L[] {
    const room = this.rooms.get(roomId);
    return room ? this.lookersOf(roomId, room) : [];
  }

  takeTyping(roomId: string, userId: string, on: boolean): void {
    const room = this.rooms.get(roomId);
    if (!room) return;
    room.typing.hear(userId, on, this.now());
    const isSoon = room.typingTimer !== undefined && room.typingAt <= this.now() + TYPING_MS;
    if (!isSoon) this.tellTypingIn(TYPING_MS, roomId, room);
  }

  takeMark(roomId: string, userId: string, seq: number): void {
    const room = this.rooms.get(roomId);
    if (!room) return;
    room.marks.set(userId, Math.max(seq, room.marks.get(userId) ?? 0));
    room.marksTimer ??= setTimeout(() => this.tellMarks(roomId, room), MARKS_MS).unref();
  }

  close(): void {
    for (const [roomId, room] of this.rooms) this.forget(roomId, room);
    this.ofConnection.clear();
  }

  private tellTypingIn(ms: number, roomId: string, room: LookedAt<L>): void {
    clearTimeout(room.typingTimer);
    room.typingAt = this.now() + ms;
    room.typingTimer = setTimeout(() => {
      room.typingTimer = undefined;
      const lookers = this.lookersOf(roomId, room);
      for (const change of room.typing.changes(this.now())) this.tellTyping(roomId, lookers, change);
      if (!room.typing.empty) this.tellTypingIn(TYPING_TICK_MS, roomId, room);
    }, ms).unref();
  }

  /** To others than who writes: on another of their devices nobody waits for it. */
  private tellTyping(
    roomId: string,
    lookers: readonly Looker[],
    { userId, on }: { readonly userId: string; readonly on: boolean },
  ): void {
    const others = lookers.filter(({ principal }) => principal.userId !== userId);
    emitTo(others, Frames.of('typing', { roomId, userId, on }));
  }

  private tellMarks(roomId: string, room: LookedAt<L>): void {
    room.marksTimer = undefined;
    const marks = [...room.marks].map(([userId, seq]) => ({ userId, seq }));
    room.marks.clear();
    emitTo(this.lookersOf(roomId, room), Frames.of('reads', { roomId, marks }));
  }

  private lookersOf(roomId: string, { lookers }: LookedAt<L>): L[] {
    return [...lookers].filter((connection) => this.mayHear(roomId, connection));
  }

  private forget(roomId: string, room: LookedAt<L>): void {
    clearTimeout(room.typingTimer);
    clearTimeout(room.marksTimer);
    this.rooms.delete(roomId);
    this.left(roomId);
    lookedAt.set(this.rooms.size);
  }
}
