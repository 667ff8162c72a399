import { isDuplicateKey } from '@berth/database/retry';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { IdempotencyDocument } from './idempotency.schema';

@Injectable()
export class IdempotencyRepository {
  constructor(@InjectModel('Idempotency') private readonly keys: Model<IdempotencyDocument>) {}

  /** False when the key is there already. */
  async insert(document: IdempotencyDocument): Promise<boolean> {
    try {
      await this.keys.collection.insertOne(document as never);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async byId(id: string): Promise<IdempotencyDocument | null> {
    return this.keys.findById(id).lean().exec();
  }

  /** Takes over from a try whose process has died; false when it is still at work or somebody else was quicker. */
  async takeOver(id: string, now: Date, leaseEndsAt: Date): Promise<boolean> {
    const result = await this.keys
      .updateOne({ _id: id, done: false, leaseEndsAt: { $lt: now } }, { $set: { leaseEndsAt } })
      .exec();
    return result.modifiedCount === 1;
  }

  async finish(id: string, answer: unknown): Promise<void> {
    await this.keys.updateOne({ _id: id }, { $set: { done: true, answer } }).exec();
  }

  /** Lets the next try take over at once. */
  async release(id: string): Promise<void> {
    await this.keys.updateOne({ _id: id }, { $set: { leaseEndsAt: new Date(0) } }).exec();
  }

  async delete(id: string): Promise<void> {
    await this.keys.deleteOne({ _id: id }).exec();
  }
}
