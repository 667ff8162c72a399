import { createHash } from 'node:crypto';
import { BerthError } from '@berth/errors/berth-error';
import { Injectable } from '@nestjs/common';
import type { Identity } from '../identity';
import { IdempotencyRepository } from './idempotency.repository';

const keptForMs = 24 * 60 * 60 * 1000;
const leaseMs = 30_000;
const form = /^[\x21-\x7e]{8,200}$/;

/** Makes a request repeatable: the same `Idempotency-Key` gives the first answer again and does the work once. */
@Injectable()
export class Idempotency {
  constructor(private readonly keys: IdempotencyRepository) {}

  /**
   * @param key the header; without one the work is simply done, with the ids as given
   * @param request what tells two requests apart: operation and body
   * @param ids new ids that the work is to use; a repeat gets those of the first try, so that work which inserts by them may be cut off
   * @throws BerthError `INPUT_INVALID`, `IDEMPOTENCY_KEY_REUSED`, `IDEMPOTENCY_IN_PROGRESS`; after a failure of the work the key may be used again
   */
  async once<T, Ids extends Record<string, string>>(
    identity: Identity,
    key: string | undefined,
    request: { operation: string; body: unknown },
    ids: Ids,
    work: (ids: Ids) => Promise<T>,
  ): Promise<T> {
    if (key === undefined) return work(ids);
    if (!form.test(key)) throw new BerthError('INPUT_INVALID', { problems: ['Idempotency-Key: 8 to 200 visible characters'] });
    const id = `${identity.accountId}:${hash(key)}`;
    const requestHash = hash(JSON.stringify([request.operation, request.body]));
    const now = new Date();
    const leaseEndsAt = new Date(now.getTime() + leaseMs);
    const first = await this.keys.insert({
      _id: id,
      requestHash,
      reserved: ids,
      leaseEndsAt,
      answer: null,
      done: false,
      expiresAt: new Date(now.getTime() + keptForMs),
    });
    if (first) return this.finish(id, () => work(ids));
    const earlier = await this.keys.byId(id);
    if (!earlier) throw new BerthError('IDEMPOTENCY_IN_PROGRESS');
    if (earlier.requestHash !== requestHash) throw new BerthError('IDEMPOTENCY_KEY_REUSED');
    if (earlier.done) return earlier.answer as T;
    if (!(await this.keys.takeOver(id, now, leaseEndsAt))) throw new BerthError('IDEMPOTENCY_IN_PROGRESS');
    return this.finish(id, () => work(earlier.reserved as Ids));
  }

  private async finish<T>(id: string, work: () => Promise<T>): Promise<T> {
    let answer: T;
    try {
      answer = await work();
    } catch (error) {
      // Refused: nothing was done. Anything else may have happened in part, so a repeat goes on with the same ids.
      if (error instanceof BerthError && error.status < 500) await this.keys.delete(id);
      else await this.keys.release(id);
      throw error;
    }
    await this.keys.finish(id, answer);
    return answer;
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
