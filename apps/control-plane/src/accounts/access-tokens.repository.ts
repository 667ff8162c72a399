import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { afterStart, type PageStart, pageOrder } from '../http/pagination';
import type { AccessTokenDocument } from './access-token.schema';

@Injectable()
export class AccessTokensRepository {
  constructor(@InjectModel('AccessToken') private readonly tokens: Model<AccessTokenDocument>) {}

  async insert(token: AccessTokenDocument): Promise<void> {
    await this.tokens.collection.insertOne(token as never);
  }

  async bySecret(secretHash: string, now: Date): Promise<AccessTokenDocument | null> {
    return this.tokens
      .findOne({ secretHash, $or: [{ expiresAt: null }, { expiresAt: { $gt: now } }] })
      .lean()
      .exec();
  }

  async byId(accountId: string, id: string): Promise<AccessTokenDocument | null> {
    return this.tokens.findOne({ _id: id, accountId }).lean().exec();
  }

  async touch(id: string, lastUsedAt: Date): Promise<void> {
    await this.tokens.updateOne({ _id: id }, { $set: { lastUsedAt } }).exec();
  }

  async ofAccount(accountId: string, start: PageStart | null, limit: number): Promise<AccessTokenDocument[]> {
    return this.tokens
      .find({ accountId, ...afterStart(start) })
      .sort(pageOrder)
      .limit(limit)
      .lean()
      .exec();
  }

  async countOfAccount(accountId: string): Promise<number> {
    return this.tokens.countDocuments({ accountId }).exec();
  }

  async delete(accountId: string, id: string): Promise<boolean> {
    return (await this.tokens.deleteOne({ _id: id, accountId }).exec()).deletedCount === 1;
  }

  async deleteAll(accountId: string): Promise<number> {
    return (await this.tokens.deleteMany({ accountId }).exec()).deletedCount;
  }
}
