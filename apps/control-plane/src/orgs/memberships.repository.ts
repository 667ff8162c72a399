import { newId } from '@berth/contracts/ids';
import { retryConflicts } from '@berth/database/retry';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { MembershipDocument } from './org.schema';
import type { Role } from './roles';

@Injectable()
export class MembershipsRepository {
  constructor(@InjectModel('Membership') private readonly memberships: Model<MembershipDocument>) {}

  async ofAccount(accountId: string): Promise<MembershipDocument[]> {
    return this.memberships.find({ accountId }).lean().exec();
  }

  /** Adds the account unless it is a member already; its role then stays. */
  async ensure(orgId: string, accountId: string, role: Role, now: Date): Promise<void> {
    await retryConflicts(() =>
      this.memberships.updateOne(
        { orgId, accountId },
        { $setOnInsert: { _id: newId('membership'), role, createdAt: now } },
        { upsert: true },
      ),
    );
  }
}
