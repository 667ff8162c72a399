import { consoleOrigin } from '@berth/config/addresses';
import type { Settings } from '@berth/config/settings';
import { newId, randomText } from '@berth/contracts/ids';
import { Inject, Injectable } from '@nestjs/common';
import type { Identity } from '../../http/identity';
import { SETTINGS } from '../../platform/tokens';
import { hashSecret } from '../authentication/secrets';
import type { InvitationDocument } from '../invitation.schema';
import { InvitationsRepository } from '../invitations.repository';

/** Makes an invitation for one account. Its secret and link are shown once. */
@Injectable()
export class CreateInvitation {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly invitations: InvitationsRepository,
  ) {}

  async run(identity: Identity, input: { email?: string | undefined; expiresInDays: number }) {
    const now = new Date();
    const secret = `bri_${randomText(32)}`;
    const invitation: InvitationDocument = {
      _id: newId('invitation'),
      secretHash: hashSecret(secret),
      email: input.email ?? null,
      createdBy: identity.accountId,
      createdAt: now,
      expiresAt: new Date(now.getTime() + input.expiresInDays * 24 * 60 * 60 * 1000),
      usedAt: null,
    };
    await this.invitations.insert(invitation);
    return { invitation, secret, url: `${consoleOrigin(this.settings)}/sign-up?invitation=${secret}` };
  }
}
