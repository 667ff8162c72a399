import { retryConflicts } from '@berth/database/retry';
import type { Logger } from '@berth/observability/logger';
import type { Db } from 'mongodb';

/** Asks for an environment that sleeps to be woken. */
export interface WakeRequester {
  /** Returns at once; asking again is harmless. */
  request(environmentId: string): void;
}

/** Collection `wake_requests`, written by gateways alone; whoever wakes removes it. `_id` is the environment's id. */
export interface WakeRequest {
  _id: string;
  at: Date;
}

const repeatMs = 2000;

/** Leaves a note in the database: the gateway itself may change no runtime. */
export class MongoWakeRequester implements WakeRequester {
  private readonly asked = new Map<string, number>();

  constructor(
    private readonly db: Db,
    private readonly logger: Logger,
  ) {}

  request(environmentId: string): void {
    const now = performance.now();
    if (now - (this.asked.get(environmentId) ?? Number.NEGATIVE_INFINITY) < repeatMs) return;
    for (const [id, at] of this.asked) if (now - at >= repeatMs) this.asked.delete(id);
    this.asked.set(environmentId, now);
    retryConflicts(() =>
      this.db
        .collection<WakeRequest>('wake_requests')
        .updateOne({ _id: environmentId }, { $set: { at: new Date() } }, { upsert: true }),
    ).catch((error: Error) => this.logger.warn({ environmentId, reason: error.message }, 'a wake could not be asked for'));
  }
}
