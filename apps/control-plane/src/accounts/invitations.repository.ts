import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { afterStart, type PageStart, pageOrder } from '../http/pagination';
import type { InvitationDocument } from './invitation.schema';

@Injectable()
export class InvitationsRepository {
  constructor(@InjectModel('Invitation') private readonly invitations: Model<InvitationDocument>) {}

  async insert(invitation: InvitationDocument): Promise<void> {
    await this.invitations.collection.insertOne(invitation as never);
  }

  async bySecret(secretHash: string, now: Date): Promise<InvitationDocument | null> {
    return this.invitations
      .findOne({ secretHash, expiresAt: { $gt: now } })
      .lean()
      .exec();
  }

  async markUsed(id: string, now: Date): Promise<void> {
    await this.invitations.updateOne({ _id: id }, { $set: { usedAt: now } }).exec();
  }

  async page(start: PageStart | null, limit: number): Promise<InvitationDocument[]> {
    return this.invitations.find(afterStart(start)).sort(pageOrder).limit(limit).lean().exec();
  }

  async delete(id: string): Promise<boolean> {
    return (await this.invitations.deleteOne({ _id: id }).exec()).deletedCount === 1;
  }
}
