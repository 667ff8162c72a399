import { type Hint, hintChannel } from '@berth/contracts/hints';
import { Redis } from 'ioredis';

/**
 * Sends and receives hints over Redis. Never throws and never waits: without Redis everything goes on at the pace of polling.
 */
export class HintBus {
  private readonly publisher: Redis;
  private subscriber: Redis | undefined;
  private readonly channel: string;

  constructor(
    private readonly url: string,
    installationId: string,
    private readonly onError: (error: Error) => void = () => undefined,
  ) {
    this.channel = hintChannel(installationId);
    this.publisher = this.connect();
  }

  /** Whether hints get through at the moment. */
  get connected(): boolean {
    return this.publisher.status === 'ready';
  }

  send(hint: Hint): void {
    if (this.publisher.status !== 'ready') return;
    this.publisher.publish(this.channel, JSON.stringify(hint)).catch(this.onError);
  }

  receive(handle: (hint: Hint) => void): void {
    this.subscriber ??= this.connect();
    this.subscriber.subscribe(this.channel).catch(this.onError);
    this.subscriber.on('message', (channel, text) => {
      if (channel !== this.channel) return;
      try {
        handle(JSON.parse(text) as Hint);
      } catch (error) {
        this.onError(error as Error);
      }
    });
  }

  close(): void {
    this.publisher.disconnect();
    this.subscriber?.disconnect();
  }

  private connect(): Redis {
    const redis = new Redis(this.url, {
      enableOfflineQueue: true,
      maxRetriesPerRequest: null,
      retryStrategy: (attempt) => Math.min(100 * attempt, 2000),
    });
    redis.on('error', this.onError);
    return redis;
  }
}
