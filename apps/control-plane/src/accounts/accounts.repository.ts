import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { AccountDocument } from './account.schema';

@Injectable()
export class AccountsRepository {
  constructor(@InjectModel('Account') private readonly accounts: Model<AccountDocument>) {}

  /** @throws MongoServerError 11000 when mail address, invitation or first account are taken. */
  async insert(account: AccountDocument): Promise<void> {
    await this.accounts.collection.insertOne(account as never);
  }

  async byId(id: string): Promise<AccountDocument | null> {
    return this.accounts.findById(id).lean().exec();
  }

  async byEmail(email: string): Promise<AccountDocument | null> {
    return this.accounts.findOne({ email }).lean().exec();
  }

  async usedInvitation(invitationId: string): Promise<boolean> {
    return (await this.accounts.exists({ invitationId }).exec()) !== null;
  }

  async hasFirst(): Promise<boolean> {
    return (await this.accounts.exists({ first: true }).exec()) !== null;
  }

  async rename(id: string, name: string): Promise<AccountDocument | null> {
    return this.accounts.findOneAndUpdate({ _id: id }, { $set: { name } }, { returnDocument: 'after' }).lean().exec();
  }

  async setPassword(id: string, passwordHash: string, now: Date): Promise<void> {
    await this.accounts.updateOne({ _id: id }, { $set: { passwordHash, passwordChangedAt: now } }).exec();
  }

  /** The same password under today's cost, unless it was changed meanwhile. */
  async rehash(id: string, old: string, passwordHash: string): Promise<void> {
    await this.accounts.updateOne({ _id: id, passwordHash: old }, { $set: { passwordHash } }).exec();
  }
}
