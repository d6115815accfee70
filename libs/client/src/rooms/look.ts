import type { Calls } from '@veche/protocol';
import { backOff } from '../backoff';
import { asVecheError } from '../errors';
import { Source } from '../watchable';

/** How often it is said that the user goes on writing. The server forgets it after six seconds. */
const TYPING_MS = 3_000;
/** Told again every five seconds, somebody writes; not told again, they have stopped. */
const FORGOTTEN_MS = 10_000;
/** What passes. After anything else the room is not for us. */
const PASSING = ['rate_limited', 'overloaded', 'unavailable', 'deadline_exceeded', 'internal', 'unreachable'];

type Call = <C extends 'room:enter' | 'room:exit' | 'typing'>(
  name: C,
  payload: Calls[C]['payload'],
) => Promise<Calls[C]['answer']>;

export interface LookOptions {
  readonly roomId: string;
  readonly call: Call;
  readonly online: () => boolean;
  /** The number of the newest entry that is held. */
  readonly head: () => number;
  /**
   * From here on the room's marks and typing are told, and everything else of a large one; what was before was not.
   * @param held the number after which the answer has the entries; 0: the newest ones
   */
  readonly entered: (answer: Calls['room:enter']['answer'], held: number) => void;
}

/** Whether the user looks at a room, told to the server with each connection anew, and who writes there meanwhile. */
export class Look {
  /** The ids of those who write now, in the order in which they began. */
  readonly typing: Source<readonly string[]>;
  private readonly typists = new Map<string, ReturnType<typeof setTimeout>>();
  private lookers = 0;
  /** Looks and connections so far: what was begun for an older one is given up. */
  private turn = 0;
  private saidAt = -Infinity;

  constructor(private readonly options: LookOptions) {
    this.typing = new Source(() => [...this.typists.keys()]);
  }

  get isOn(): boolean {
    return this.lookers > 0;
  }

  /** @returns ends it, however often it is called */
  enter(): () => void {
    if (++this.lookers === 1 && this.options.online()) void this.tell();
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      if (--this.lookers > 0) return;
      this.turn++;
      this.forget();
      this.say('room:exit', { roomId: this.options.roomId });
    };
  }

  /** A connection begins: it has told nobody what we look at. */
  begin(): void {
    this.forget();
    this.saidAt = -Infinity;
    if (this.lookers > 0) void this.tell();
  }

  /** Somebody else writes, or has stopped. */
  take(userId: string, on: boolean): void {
    const known = this.typists.get(userId);
    clearTimeout(known);
    if (on)
      this.typists.set(
        userId,
        setTimeout(() => this.take(userId, false), FORGOTTEN_MS),
      );
    else this.typists.delete(userId);
    if (on !== (known !== undefined)) this.typing.changed();
  }

  /** The user writes, or has stopped. */
  write(on: boolean): void {
    const now = Date.now();
    if (on ? now - this.saidAt < TYPING_MS : this.saidAt === -Infinity) return;
    this.saidAt = on ? now : -Infinity;
    this.say('typing', { roomId: this.options.roomId, on });
  }

  /** A message of the user is on its way: the server knows by it that they have stopped. */
  sent(): void {
    this.saidAt = -Infinity;
  }

  /** What is worth nothing when it comes late. */
  private say<C extends 'room:exit' | 'typing'>(name: C, payload: Calls[C]['payload']): void {
    if (this.options.online()) this.options.call(name, payload).catch(() => undefined);
  }

  private async tell(): Promise<void> {
    const { roomId, call, head, online } = this.options;
    const turn = ++this.turn;
    for (let failures = 1; turn === this.turn && online(); failures++) {
      try {
        const held = head();
        const answer = await call('room:enter', { roomId, after: held || undefined });
        if (turn === this.turn) this.options.entered(answer, held);
        // it was looked away from before the server had heard that it was looked at
        else if (this.lookers === 0) this.say('room:exit', { roomId });
        return;
      } catch (error) {
        if (!PASSING.includes(asVecheError(error).code)) return;
        await backOff(failures);
      }
    }
  }

  private forget(): void {
    if (this.typists.size === 0) return;
    for (const timer of this.typists.values()) clearTimeout(timer);
    this.typists.clear();
    this.typing.changed();
  }
}
