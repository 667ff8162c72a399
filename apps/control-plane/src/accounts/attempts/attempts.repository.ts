import { retryConflicts } from '@berth/database/retry';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { AttemptsDocument } from './attempts.schema';

@Injectable()
export class AttemptsRepository {
  constructor(@InjectModel('Attempts') private readonly attempts: Model<AttemptsDocument>) {}

  /** Counts one more in the window that runs, or the first of a new one. One atomic write: parallel tries all count. */
  async add(id: string, now: Date, windowMs: number): Promise<AttemptsDocument> {
    const running = { $gt: ['$windowEndsAt', now] };
    const counted = await retryConflicts(() =>
      this.attempts.collection.findOneAndUpdate(
        { _id: id as never },
        [
          {
            $set: {
              count: { $cond: [running, { $add: ['$count', 1] }, 1] },
              windowEndsAt: { $cond: [running, '$windowEndsAt', new Date(now.getTime() + windowMs)] },
            },
          },
        ],
        { upsert: true, returnDocument: 'after' },
      ),
    );
    if (!counted) throw new Error('the attempts were not returned');
    return counted as unknown as AttemptsDocument;
  }

  async giveBack(id: string): Promise<void> {
    await this.attempts.updateOne({ _id: id, count: { $gt: 0 } }, { $inc: { count: -1 } }).exec();
  }

  async exists(id: string, now: Date): Promise<boolean> {
    return (await this.attempts.exists({ _id: id, windowEndsAt: { $gt: now } }).exec()) !== null;
  }

  async remember(id: string, until: Date): Promise<void> {
    await retryConflicts(() =>
      this.attempts.updateOne({ _id: id }, { $set: { windowEndsAt: until, count: 0 } }, { upsert: true }).exec(),
    );
  }

  /** @param prefix of plain characters; all that begin with it go as well */
  async forget(id: string, prefix: string): Promise<void> {
    await this.attempts.deleteMany({ $or: [{ _id: id }, { _id: { $regex: `^${prefix}` } }] }).exec();
  }
}
