import { isDuplicateKey } from '@berth/database/retry';
import { BerthError } from '@berth/errors/berth-error';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { OrgScope, TenantScope } from '../orgs/org-scope';
import type { SystemScope } from '../orgs/system-scope';
import type { EnvironmentDocument } from './environment.schema';

type KeysChange = Pick<EnvironmentDocument, 'keys' | 'keysExpireAt'>;

@Injectable()
export class EnvironmentsRepository {
  constructor(@InjectModel('Environment') private readonly environments: Model<EnvironmentDocument>) {}

  /** @throws BerthError `APPLICATION_ID_TAKEN` */
  async insert(scope: OrgScope, environment: EnvironmentDocument): Promise<void> {
    if (!scope.covers(environment.orgId)) throw new BerthError('ORG_NOT_FOUND');
    try {
      await this.environments.create([environment]);
    } catch (error) {
      if (isDuplicateKey(error)) throw new BerthError('APPLICATION_ID_TAKEN');
      throw error;
    }
  }

  async find(scope: TenantScope, id: string): Promise<EnvironmentDocument | null> {
    return this.environments
      .findOne({ _id: id, ...scope.filter() })
      .lean()
      .exec();
  }

  async findByName(scope: TenantScope, appId: string, name: string): Promise<EnvironmentDocument | null> {
    return this.environments
      .findOne({ appId, name, ...scope.filter() })
      .lean()
      .exec();
  }

  /** Of all these apps, the first made first. */
  async ofApps(scope: TenantScope, appIds: readonly string[]): Promise<EnvironmentDocument[]> {
    return this.environments
      .find({ appId: { $in: [...appIds] }, ...scope.filter() })
      .sort({ createdAt: 1, _id: 1 })
      .lean()
      .exec();
  }

  /** Replaces the keys unless somebody else has meanwhile. */
  async replaceKeys(scope: TenantScope, id: string, revision: number, change: KeysChange): Promise<boolean> {
    const result = await this.environments
      .updateOne({ _id: id, keysRevision: revision, ...scope.filter() }, { $set: change, $inc: { keysRevision: 1 } })
      .exec();
    return result.matchedCount === 1;
  }

  /** Those with a former key whose time is over. */
  async withExpiredKeys(scope: SystemScope, now: Date, limit: number): Promise<EnvironmentDocument[]> {
    return this.environments
      .find({ ...scope.filter(), keysExpireAt: { $lte: now } })
      .limit(limit)
      .lean()
      .exec();
  }

  async removeOfApp(_scope: SystemScope, appId: string): Promise<void> {
    await this.environments.deleteMany({ appId }).exec();
  }
}
