import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Numbers } from '../harness/numbers';
import { Refused } from '../harness/rest';
import type { Entry } from '../harness/wire';
import { type DiaryWriter, sightOf } from './diary';
import { Holding } from './holding';

export interface Message {
  readonly clientId: string;
  readonly roomId: string;
  readonly text: string;
}

/** Says no for good: to send it again would not help. */
const FINAL = new Set(['not_a_member', 'room_not_found']);
/** What something that is broken may be answered with; everything else is bad manners. */
const PASSING = new Set(['unavailable', 'deadline_exceeded', 'overloaded']);
const SELDOM = 0.01;

/**
 * Somebody on a bad line, by one of the doors: follows every room that they are in, and talks. What is sent is kept
 * until it is answered and sent again under its client id; a room's messages go one after the other.
 */
export abstract class Client {
  readonly holding = new Holding();
  /** The rooms that it believes to be in. */
  protected readonly rooms = new Set<string>();
  reconnects = 0;
  private talking = true;
  /** Unanswered messages, by room. */
  private readonly sending = new Map<string, Promise<void>>();
  private loop = Promise.resolve();

  constructor(
    protected readonly diary: DiaryWriter,
    protected readonly random: Numbers,
  ) {}

  get name(): string {
    return this.diary.client;
  }

  /** Begins to follow. */
  abstract open(): void;
  /** Resolves when nothing more can be noted. */
  abstract close(): Promise<void> | void;
  /** One try. @throws Refused with what it was answered; any other error where there was no answer */
  protected abstract send(message: Message): Promise<Entry>;
  /** Resolves when it is worth trying. */
  protected abstract connected(): Promise<unknown>;

  /**
   * @param pauseMs the mean time between two messages
   * @param quiet a room that seldom gets one: what is forgotten there is not found by what follows
   */
  talk(pauseMs: number, quiet: string): void {
    this.loop = this.talkOn(pauseMs, quiet);
  }

  /** Sends no more; resolves when everything is answered. */
  async fallSilent(): Promise<void> {
    this.talking = false;
    await this.loop;
    await this.answered();
  }

  /** Resolves when everything that was sent before is answered. */
  async answered(): Promise<void> {
    await Promise.all(this.sending.values());
  }

  /** Which rooms it is in and does not hold up to these numbers. */
  behind(targets: Readonly<Record<string, number>>): string[] {
    return Object.entries(targets)
      .filter(([room, seq]) => this.rooms.has(room) && this.holding.last(room) < seq)
      .map(([room, seq]) => `${room.slice(-6)} at ${this.holding.last(room)} of ${seq}`);
  }

  get unanswered(): number {
    return this.sending.size;
  }

  async finish(): Promise<void> {
    await this.close();
    for (const [room, prints] of this.holding.views) this.diary.note({ kind: 'view', room, prints });
    await this.diary.close();
  }

  /** An answer or a status that the documentation does not foresee for what may happen here is noted. */
  protected judge(error: unknown, of: string): void {
    if (!(error instanceof Refused) || PASSING.has(error.code) || FINAL.has(error.code)) return;
    this.diary.note({ kind: 'unheard-of', what: `${of} was answered ${error.message}` });
  }

  protected isFinal(error: unknown): boolean {
    return error instanceof Refused && FINAL.has(error.code);
  }

  private async talkOn(pauseMs: number, quiet: string): Promise<void> {
    for (let n = 1; this.talking; n++) {
      await pause(this.random.between(0, 2 * pauseMs));
      const free = [...this.rooms].filter(
        (room) => !this.sending.has(room) && (room !== quiet || this.random.chance(SELDOM)),
      );
      if (free.length === 0 || !this.talking) continue;
      const roomId = this.random.one(free);
      const text = `${this.name} ${n} ${'.'.repeat(this.random.between(0, 60))}`;
      const message = { roomId, text, clientId: randomUUID() };
      const again = this.random.chance(0.06);
      const work = this.deliver(message)
        // forgetful: asks once more for what it has been told
        .then((done) => (done && again ? this.deliver(message) : undefined))
        .then(() => void this.sending.delete(roomId));
      this.sending.set(roomId, work);
    }
  }

  /** @returns whether it was taken, when there is an answer, however many tries that takes */
  private async deliver(message: Message): Promise<boolean> {
    const { clientId, roomId: room } = message;
    for (;;) {
      await this.connected();
      this.diary.note({ kind: 'asked', clientId, room });
      try {
        const entry = await this.send(message);
        this.diary.note({ kind: 'answered', clientId, room, entry: sightOf(entry) });
        return true;
      } catch (error) {
        this.judge(error, 'sending');
        if (this.isFinal(error)) {
          this.diary.note({ kind: 'refused', clientId, room, code: (error as Refused).code });
          return false;
        }
        await pause(this.random.between(50, 300));
      }
    }
  }
}
