import { BerthError } from '@berth/errors/berth-error';
import { Injectable } from '@nestjs/common';
import type { Identity } from '../../http/identity';
import { findInScope, OrgScopes } from '../../orgs/org-scope';
import type { OperationRow } from '../operation.schema';
import { OperationsRepository } from '../operations.repository';

@Injectable()
export class GetOperation {
  constructor(
    private readonly scopes: OrgScopes,
    private readonly operations: OperationsRepository,
  ) {}

  /** @throws BerthError `OPERATION_NOT_FOUND` */
  async run(identity: Identity, id: string): Promise<OperationRow> {
    const scope = await this.scopes.scopeFor(identity);
    return findInScope(
      scope,
      (within) => this.operations.find(within, id),
      () => new BerthError('OPERATION_NOT_FOUND'),
    );
  }
}
