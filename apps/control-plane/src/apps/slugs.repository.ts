import { isDuplicateKey } from '@berth/database/retry';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { OrgScope, TenantScope } from '../orgs/org-scope';
import type { SystemScope } from '../orgs/system-scope';
import type { SlugDocument } from './app.schema';

@Injectable()
export class SlugsRepository {
  constructor(@InjectModel('Slug') private readonly slugs: Model<SlugDocument>) {}

  /** Reserves the slug for the app. True as well when it is one of its own, present or former. */
  async reserve(scope: OrgScope, slug: SlugDocument): Promise<boolean> {
    try {
      await this.slugs.create([slug]);
      return true;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      return (await this.slugs.exists({ _id: slug._id, appId: slug.appId, ...scope.filter() }).exec()) !== null;
    }
  }

  /** The app that a slug, present or former, leads to. */
  async appOf(scope: TenantScope, slug: string): Promise<string | null> {
    const row = await this.slugs
      .findOne({ _id: slug, purgedAt: null, ...scope.filter() })
      .lean()
      .exec();
    return row?.appId ?? null;
  }

  /** The names the app has or had. */
  async ofApp(scope: TenantScope, appId: string): Promise<string[]> {
    const rows = await this.slugs
      .find({ appId, reservedBy: null, ...scope.filter() }, { _id: 1 })
      .lean()
      .exec();
    return rows.map((row) => row._id);
  }

  /** The app has the name now. */
  async confirm(reservedBy: string): Promise<void> {
    await this.slugs.updateMany({ reservedBy }, { $set: { reservedBy: null } }).exec();
  }

  async confirmIfPresent(reservedBy: string, slug: string): Promise<void> {
    await this.slugs.updateOne({ _id: slug, reservedBy }, { $set: { reservedBy: null } }).exec();
  }

  /** Frees what a rename reserved and the app never got. */
  async releaseReserved(reservedBy: string): Promise<void> {
    await this.slugs.deleteMany({ reservedBy }).exec();
  }

  /** Frees all names of an app that never served. */
  async release(_scope: SystemScope, appId: string): Promise<void> {
    await this.slugs.deleteMany({ appId, purgedAt: null }).exec();
  }

  /** Keeps the slugs of a purged app from everybody. */
  async retire(_scope: SystemScope, appId: string, now: Date): Promise<void> {
    await this.slugs.updateMany({ appId, purgedAt: null }, { $set: { purgedAt: now } }).exec();
  }
}
