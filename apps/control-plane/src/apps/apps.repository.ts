import { BerthError } from '@berth/errors/berth-error';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model, QueryFilter } from 'mongoose';
import { afterStart, type PageStart, pageOrder } from '../http/pagination';
import type { OrgScope, TenantScope } from '../orgs/org-scope';
import type { SystemScope } from '../orgs/system-scope';
import type { AppDocument, AppLifecycle } from './app.schema';

/** Which apps a list shows: those in the trash, or all others that are still there. */
export const appListStates = ['active', 'trashed'] as const;
export type AppListState = (typeof appListStates)[number];

const listed: Readonly<Record<AppListState, readonly AppLifecycle[]>> = {
  active: ['creating', 'active', 'failed'],
  trashed: ['trashed', 'deleting'],
};

@Injectable()
export class AppsRepository {
  constructor(@InjectModel('App') private readonly apps: Model<AppDocument>) {}

  async insert(scope: OrgScope, app: AppDocument): Promise<void> {
    if (!scope.covers(app.orgId)) throw new BerthError('ORG_NOT_FOUND');
    await this.apps.create([app]);
  }

  async find(scope: TenantScope, id: string): Promise<AppDocument | null> {
    return this.apps
      .findOne({ _id: id, ...scope.filter() })
      .lean()
      .exec();
  }

  /** The newest app of that slug whose creation failed: it holds the slug no longer. */
  async findFailed(scope: TenantScope, slug: string): Promise<AppDocument | null> {
    return this.apps
      .findOne({ slug, lifecycle: 'failed', ...scope.filter() })
      .sort({ createdAt: -1 })
      .lean()
      .exec();
  }

  /** Newest first, one more than `limit` when there are more. */
  async page(scope: TenantScope, state: AppListState, start: PageStart | null, limit: number): Promise<AppDocument[]> {
    const filter = { ...scope.filter(), lifecycle: { $in: [...listed[state]] }, ...afterStart(start) };
    return this.apps
      .find(filter as QueryFilter<AppDocument>)
      .sort(pageOrder)
      .limit(limit + 1)
      .lean()
      .exec();
  }

  /** How many count against the cap: all but failed creations, the trash included. */
  async count(scope: OrgScope): Promise<number> {
    return this.apps.countDocuments({ ...scope.filter(), lifecycle: { $ne: 'failed' } }).exec();
  }

  /**
   * Gives the app to an operation and makes its first change, in one write: the moment from which the operation counts.
   * @returns the app as it is then; null when it is not in `from`, or another operation has it.
   */
  async begin(
    scope: TenantScope,
    id: string,
    from: readonly AppLifecycle[],
    operationId: string,
    change: Partial<AppDocument>,
  ): Promise<AppDocument | null> {
    return this.apps
      .findOneAndUpdate(
        { _id: id, lifecycle: { $in: [...from] }, operationId: null, ...scope.filter() },
        { $set: { ...change, operationId } },
        { returnDocument: 'after' },
      )
      .lean()
      .exec();
  }

  /** Takes the app back from its operation, with its last change. */
  async end(_scope: SystemScope, id: string, operationId: string, change: Partial<AppDocument> = {}): Promise<void> {
    await this.apps.updateOne({ _id: id, operationId }, { $set: { ...change, operationId: null } }).exec();
  }

  /** @returns the app as it is then; null when it is not active. */
  async rename(scope: TenantScope, id: string, change: { name?: string; slug?: string }): Promise<AppDocument | null> {
    return this.apps
      .findOneAndUpdate({ _id: id, lifecycle: 'active', ...scope.filter() }, { $set: change }, { returnDocument: 'after' })
      .lean()
      .exec();
  }

  async remove(scope: TenantScope, id: string, lifecycles: readonly AppLifecycle[]): Promise<void> {
    await this.apps.deleteOne({ _id: id, lifecycle: { $in: [...lifecycles] }, ...scope.filter() }).exec();
  }

  /** Failed creations that a new one of the same slug makes up for. */
  async removeFailed(scope: OrgScope, orgId: string, slug: string): Promise<void> {
    await this.apps.deleteMany({ ...scope.filter(), orgId, slug, lifecycle: 'failed' }).exec();
  }

  /** Apps whose time is over: in the trash, or as the memory of a failed creation. */
  async due(scope: SystemScope, lifecycle: 'trashed' | 'failed', now: Date, limit: number): Promise<AppDocument[]> {
    return this.apps
      .find({ ...scope.filter(), lifecycle, purgeAt: { $lte: now }, operationId: null })
      .limit(limit)
      .lean()
      .exec();
  }

  /** Apps that an operation has, whether it still runs or not. */
  async underWay(scope: SystemScope): Promise<AppDocument[]> {
    return this.apps
      .find({ ...scope.filter(), operationId: { $type: 'string' } })
      .lean()
      .exec();
  }

  /** Apps that are to go and that no operation has any more: it ended before the node had removed everything. */
  async leftDeleting(scope: SystemScope): Promise<AppDocument[]> {
    return this.apps
      .find({ ...scope.filter(), lifecycle: 'deleting', operationId: null })
      .lean()
      .exec();
  }
}
