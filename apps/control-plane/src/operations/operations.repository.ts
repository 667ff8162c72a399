import { isDuplicateKey } from '@berth/database/retry';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { TenantScope } from '../orgs/org-scope';
import type { SystemScope } from '../orgs/system-scope';
import type { OperationRow, OperationVerdict } from './operation.schema';

@Injectable()
export class OperationsRepository {
  constructor(@InjectModel('Operation') private readonly operations: Model<OperationRow>) {}

  /** @returns false when there is one with this id. */
  async insert(operation: OperationRow): Promise<boolean> {
    try {
      await this.operations.create([operation]);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  /** Takes back one that has changed nothing. */
  async withdraw(id: string): Promise<void> {
    await this.operations.deleteOne({ _id: id, verdict: null }).exec();
  }

  async find(scope: TenantScope, id: string): Promise<OperationRow | null> {
    return this.operations
      .findOne({ _id: id, ...scope.filter() })
      .lean()
      .exec();
  }

  async byIds(scope: SystemScope, ids: readonly string[]): Promise<OperationRow[]> {
    return this.operations
      .find({ _id: { $in: [...ids] }, ...scope.filter() })
      .lean()
      .exec();
  }

  /** All that run, the oldest first. */
  async running(scope: SystemScope): Promise<OperationRow[]> {
    return this.operations
      .find({ state: 'running', ...scope.filter() })
      .sort({ createdAt: 1 })
      .lean()
      .exec();
  }

  /** Creations that failed since then. */
  async failedCreations(scope: SystemScope, since: Date): Promise<OperationRow[]> {
    return this.operations
      .find({ state: 'failed', kind: 'app.create', finishedAt: { $gte: since }, ...scope.filter() })
      .lean()
      .exec();
  }

  /** Notes how far it is, unless somebody has noted something since it was read. */
  async progress(operation: OperationRow, steps: OperationRow['steps']): Promise<OperationRow | null> {
    return this.change(operation, { steps });
  }

  /** Notes the verdict once: whoever comes second gets what the first one noted. */
  async decide(operation: OperationRow, steps: OperationRow['steps'], verdict: OperationVerdict): Promise<OperationRow | null> {
    return this.change(operation, { steps, verdict });
  }

  async setGeneration(id: string, generation: number): Promise<void> {
    await this.operations.updateOne({ _id: id, generation: null }, { $set: { generation } }).exec();
  }

  /** Ends it as its verdict says, after the consequences were drawn; null when somebody else has. */
  async finish(id: string, verdict: OperationVerdict, now: Date): Promise<OperationRow | null> {
    const change = { state: verdict.state, error: verdict.error, finishedAt: now };
    return this.operations
      .findOneAndUpdate({ _id: id, state: 'running' }, { $set: change, $inc: { version: 1 } }, { returnDocument: 'after' })
      .lean()
      .exec();
  }

  private async change(operation: OperationRow, change: Partial<OperationRow>): Promise<OperationRow | null> {
    return this.operations
      .findOneAndUpdate(
        { _id: operation._id, version: operation.version, state: 'running', verdict: null },
        { $set: change, $inc: { version: 1 } },
        { returnDocument: 'after' },
      )
      .lean()
      .exec();
  }
}
