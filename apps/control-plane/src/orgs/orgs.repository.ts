import { newId } from '@berth/contracts/ids';
import { retryConflicts } from '@berth/database/retry';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { OrgDocument } from './org.schema';

@Injectable()
export class OrgsRepository {
  constructor(@InjectModel('Org') private readonly orgs: Model<OrgDocument>) {}

  /** The account's personal organization; made when it is missing, once, however many ask at the same time. */
  async ensurePersonal(accountId: string, now: Date): Promise<OrgDocument> {
    const org = await retryConflicts(() =>
      this.orgs
        .findOneAndUpdate(
          { personalOf: accountId },
          { $setOnInsert: { _id: newId('org'), name: 'Personal', createdAt: now } },
          { upsert: true, returnDocument: 'after', lean: true },
        )
        .exec(),
    );
    if (!org) throw new Error('the personal organization was not returned');
    return org;
  }

  async byIds(ids: readonly string[]): Promise<OrgDocument[]> {
    return this.orgs
      .find({ _id: { $in: [...ids] } })
      .sort({ createdAt: 1, _id: 1 })
      .lean()
      .exec();
  }
}
