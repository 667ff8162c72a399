import { Injectable } from '@nestjs/common';
import { MembershipsRepository } from '../memberships.repository';
import { OrgsRepository } from '../orgs.repository';

/** Gives an account its personal organization. Two writes, both repeatable: a sign-up that was cut off is completed by the next call. */
@Injectable()
export class EnsurePersonalOrg {
  constructor(
    private readonly orgs: OrgsRepository,
    private readonly memberships: MembershipsRepository,
  ) {}

  async run(accountId: string): Promise<void> {
    const now = new Date();
    const org = await this.orgs.ensurePersonal(accountId, now);
    await this.memberships.ensure(org._id, accountId, 'owner', now);
  }
}
