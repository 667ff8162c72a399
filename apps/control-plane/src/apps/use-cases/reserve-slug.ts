import { randomText } from '@berth/contracts/ids';
import { BerthError } from '@berth/errors/berth-error';
import { Injectable } from '@nestjs/common';
import type { OrgScope } from '../../orgs/org-scope';
import { slugCandidate, slugFromName } from '../slug-from-name';
import { requireSlug } from '../slug-rules';
import { SlugsRepository } from '../slugs.repository';

const suffixLength = 4;
const attempts = 10;

@Injectable()
export class ReserveSlug {
  constructor(private readonly slugs: SlugsRepository) {}

  /**
   * Reserves the slug that was asked for.
   * @throws BerthError `SLUG_INVALID`, `SLUG_TAKEN`
   */
  async exactly(
    scope: OrgScope,
    app: { _id: string; orgId: string },
    slug: string,
    reservedBy: string | null = null,
  ): Promise<string> {
    requireSlug(slug);
    if (!(await this.reserve(scope, app, slug, reservedBy))) throw new BerthError('SLUG_TAKEN', { slug });
    return slug;
  }

  /** Reserves one that the name suggests, with a random suffix when it is taken or not allowed. */
  async fromName(scope: OrgScope, app: { _id: string; orgId: string }, name: string): Promise<string> {
    const base = slugFromName(name);
    for (let attempt = 0; attempt < attempts; attempt++) {
      // Not `-2`, `-3`, …: those would tell how many others have an app of this name.
      const slug = slugCandidate(base, attempt === 0 && base !== 'app' ? null : randomText(suffixLength));
      if (await this.reserve(scope, app, slug)) return slug;
    }
    throw new BerthError('SLUG_TAKEN', { slug: base });
  }

  private async reserve(
    scope: OrgScope,
    app: { _id: string; orgId: string },
    slug: string,
    reservedBy: string | null = null,
  ): Promise<boolean> {
    const row = { _id: slug, orgId: app.orgId, appId: app._id, reservedBy, createdAt: new Date(), purgedAt: null };
    return this.slugs.reserve(scope, row);
  }
}
