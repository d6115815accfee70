import { NEVER } from 'rxjs';
import { Bus } from './bus';

/** For one process: nothing is lost, so there are no gaps. */
export class MemoryBus extends Bus {
  readonly gaps = NEVER;
  private readonly receivers = new Map<string, Set<(message: Uint8Array) => void>>();

  async assertConnected(): Promise<void> {
    // a process hears itself
  }

  async publish(topic: string, message: Uint8Array): Promise<void> {
    for (const receive of this.receivers.get(topic) ?? []) receive(message);
  }

  subscribe(topic: string, receive: (message: Uint8Array) => void): () => void {
    const receivers = this.receivers.get(topic) ?? new Set();
    this.receivers.set(topic, receivers.add(receive));
    return () => receivers.delete(receive);
  }
}
