import type { Message, Topic } from '@veche/bus';
import { BreakableBus } from './breakable-bus';

/** Loses, repeats and reorders, as a bus may, and says that it did when asked to. */
export class LossyBus extends BreakableBus {
  private late: (() => Promise<void>)[] = [];

  /** @param chance gives numbers between 0 and 1 */
  constructor(private readonly chance: () => number) {
    super();
  }

  override async publish(topic: Topic, messages: readonly Message[], from?: string): Promise<void> {
    const deliver = (): Promise<void> => super.publish(topic, messages, from);
    const fate = this.chance();
    if (fate < 0.25) return;
    if (fate < 0.5) this.late.push(deliver);
    else await deliver();
    if (fate > 0.75) await deliver();
    // one that was held back overtakes nobody any more
    if (this.late.length > 2) await this.late.pop()?.();
  }

  override mend(): void {
    this.late = [];
    super.mend();
  }
}
