import { Bus } from '@veche/bus';
import { Subject } from 'rxjs';

/** Joins replicas in one process. While it is broken it refuses what is published, as Redis does that is away. */
export class BreakableBus extends Bus {
  readonly gaps = new Subject<void>();
  private readonly messages = new Subject<{ topic: string; message: Uint8Array }>();
  private broken = false;

  async assertConnected(): Promise<void> {
    if (this.broken) throw new Error('the bus is away');
  }

  async publish(topic: string, message: Uint8Array): Promise<void> {
    if (this.broken) throw new Error('the bus is away');
    this.messages.next({ topic, message });
  }

  subscribe(topic: string, receive: (message: Uint8Array) => void): () => void {
    const subscription = this.messages.subscribe((m) => m.topic === topic && receive(m.message));
    return () => subscription.unsubscribe();
  }

  break(): void {
    this.broken = true;
  }

  mend(): void {
    this.broken = false;
    this.gaps.next();
  }
}
