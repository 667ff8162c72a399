import { Injectable } from '@nestjs/common';
import type { Identity } from '../../http/identity';
import { OrgScopes } from '../org-scope';
import { OrgsRepository } from '../orgs.repository';
import type { Role } from '../roles';

export interface OrgOfAccount {
  id: string;
  name: string;
  personal: boolean;
  role: Role;
}

@Injectable()
export class ListOrgs {
  constructor(
    private readonly scopes: OrgScopes,
    private readonly orgs: OrgsRepository,
  ) {}

  async run(identity: Identity): Promise<OrgOfAccount[]> {
    const scope = await this.scopes.scopeFor(identity);
    const orgs = await this.orgs.byIds(scope.orgIds);
    return orgs.map((org) => ({
      id: org._id,
      name: org.name,
      personal: org.personalOf === identity.accountId,
      role: scope.roleIn(org._id) ?? 'viewer',
    }));
  }
}
