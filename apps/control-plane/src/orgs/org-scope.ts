import { BerthError } from '@berth/errors/berth-error';
import { Injectable } from '@nestjs/common';
import type { Identity } from '../http/identity';
import { MembershipsRepository } from './memberships.repository';
import { atLeast, type Role } from './roles';
import type { SystemScope } from './system-scope';
import { EnsurePersonalOrg } from './use-cases/ensure-personal-org';

let make: (roleByOrg: ReadonlyMap<string, Role>, minimum: Role) => OrgScope;

/**
 * The organizations whose data a call may touch: those in which the caller has at least the role that the call needs. Repositories of tenant
 * data take it as their first argument. Only `OrgScopes` can make one, so none can be had without an identity.
 */
export class OrgScope {
  readonly orgIds: readonly string[];

  private constructor(
    private readonly roleByOrg: ReadonlyMap<string, Role>,
    private readonly minimum: Role,
  ) {
    this.orgIds = [...roleByOrg].filter(([, role]) => atLeast(role, minimum)).map(([orgId]) => orgId);
  }

  static {
    make = (roleByOrg, minimum) => new OrgScope(roleByOrg, minimum);
  }

  /** The part that this scope adds to a query. */
  filter(): { orgId: { $in: string[] } } {
    return { orgId: { $in: [...this.orgIds] } };
  }

  /** Says whether rows of this organization may be written. */
  covers(orgId: string): boolean {
    return this.orgIds.includes(orgId);
  }

  roleIn(orgId: string): Role | undefined {
    return this.roleByOrg.get(orgId);
  }

  /** The part of it in which the account is an owner. */
  get forOwning(): OrgScope {
    return make(this.roleByOrg, 'owner');
  }

  /** The same account's scope for reading alone; what is only in this one is refused for the role, not hidden. */
  get forViewing(): OrgScope {
    return this.minimum === 'viewer' ? this : make(this.roleByOrg, 'viewer');
  }
}

/** What repositories of tenant data take: a caller's organizations, or all of them for the platform's own work. */
export type TenantScope = OrgScope | SystemScope;

@Injectable()
export class OrgScopes {
  constructor(
    private readonly memberships: MembershipsRepository,
    private readonly ensurePersonalOrg: EnsurePersonalOrg,
  ) {}

  /** The scope of a caller who needs `minimum` in the organization of what is touched. */
  async scopeFor(identity: Identity, minimum: Role = 'viewer'): Promise<OrgScope> {
    let memberships = await this.memberships.ofAccount(identity.accountId);
    if (memberships.length === 0) {
      // The sign-up was cut off between account and organization.
      await this.ensurePersonalOrg.run(identity.accountId);
      memberships = await this.memberships.ofAccount(identity.accountId);
    }
    return make(new Map(memberships.map(({ orgId, role }) => [orgId, role])), minimum);
  }
}

/**
 * One row within the scope. A row of another organization is *not found*; one that the caller may see but not touch is refused for the role.
 * @throws BerthError `ROLE_INSUFFICIENT`, or what `notFound` makes.
 */
export async function findInScope<T extends { orgId: string }>(
  scope: OrgScope,
  find: (scope: OrgScope) => Promise<T | null>,
  notFound: () => BerthError,
): Promise<T> {
  const found = await find(scope);
  if (found) return found;
  const visible = scope.forViewing === scope ? null : await find(scope.forViewing);
  if (visible) throw new BerthError('ROLE_INSUFFICIENT', { role: scope.roleIn(visible.orgId) ?? 'none' });
  throw notFound();
}
