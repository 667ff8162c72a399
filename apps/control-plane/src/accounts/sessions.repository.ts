import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { afterStart, type PageStart, pageOrder } from '../http/pagination';
import type { SessionDocument } from './session.schema';

@Injectable()
export class SessionsRepository {
  constructor(@InjectModel('Session') private readonly sessions: Model<SessionDocument>) {}

  async insert(session: SessionDocument): Promise<void> {
    await this.sessions.collection.insertOne(session as never);
  }

  /** The session of this token, be it the current or the previous one. */
  async byToken(tokenHash: string, now: Date): Promise<SessionDocument | null> {
    return this.sessions
      .findOne({ $or: [{ tokenHash }, { previousTokenHash: tokenHash }], expiresAt: { $gt: now } })
      .lean()
      .exec();
  }

  /** Puts a new token in the place of `current`; false when another request did so first. */
  async rotate(id: string, current: string, next: { tokenHash: string; previousTokenHash: string; now: Date }): Promise<boolean> {
    const { tokenHash, previousTokenHash, now } = next;
    const result = await this.sessions
      .updateOne(
        { _id: id, tokenHash: current },
        { $set: { tokenHash, previousTokenHash, previousValidUntil: null, rotatedAt: now } },
      )
      .exec();
    return result.modifiedCount === 1;
  }

  /** The browser has shown that it has the new token: the previous one ends. */
  async endPrevious(id: string, tokenHash: string, validUntil: Date): Promise<void> {
    await this.sessions
      .updateOne({ _id: id, tokenHash, previousValidUntil: null }, { $set: { previousValidUntil: validUntil } })
      .exec();
  }

  async touch(id: string, seen: { lastUsedAt: Date; expiresAt: Date; address: string }): Promise<void> {
    await this.sessions.updateOne({ _id: id }, { $set: seen }).exec();
  }

  async ofAccount(accountId: string, start: PageStart | null, limit: number, now: Date): Promise<SessionDocument[]> {
    return this.sessions
      .find({ accountId, expiresAt: { $gt: now }, ...afterStart(start) })
      .sort(pageOrder)
      .limit(limit)
      .lean()
      .exec();
  }

  async delete(accountId: string, id: string): Promise<boolean> {
    return (await this.sessions.deleteOne({ _id: id, accountId }).exec()).deletedCount === 1;
  }

  /** All of the account but `keep`; null keeps none. */
  async deleteOthers(accountId: string, keep: string | null): Promise<number> {
    const others = keep === null ? { accountId } : { accountId, _id: { $ne: keep } };
    return (await this.sessions.deleteMany(others).exec()).deletedCount;
  }

  /** Leaves the newest `count` sessions, so that one account cannot pile them up. */
  async keepNewest(accountId: string, count: number): Promise<void> {
    const tooOld = await this.sessions.find({ accountId }).sort(pageOrder).skip(count).select('_id').lean().exec();
    if (tooOld.length > 0) await this.sessions.deleteMany({ _id: { $in: tooOld.map(({ _id }) => _id) } }).exec();
  }
}
