import { Bus, type Message, type Topic } from '@veche/bus';

/** Joins replicas in one process. While it is broken it refuses what is published, as Redis does that is away. */
export class BreakableBus extends Bus {
  private broken = false;

  constructor(override readonly isFeed = false) {
    super();
  }

  async assertConnected(): Promise<void> {
    if (this.broken) throw new Error('the bus is away');
  }

  async publish(topic: Topic, messages: readonly Message[], from = ''): Promise<void> {
    if (this.broken) throw new Error('the bus is away');
    this.deliver(this.channelOf(topic), messages, from);
  }

  break(): void {
    this.broken = true;
  }

  mend(): void {
    this.broken = false;
    this.gap();
  }
}
