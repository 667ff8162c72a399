import type { Settings } from '@berth/config/settings';
import { newId } from '@berth/contracts/ids';
import { isDuplicateKey } from '@berth/database/retry';
import { BerthError } from '@berth/errors/berth-error';
import { Inject, Injectable } from '@nestjs/common';
import { EnsurePersonalOrg } from '../../orgs/use-cases/ensure-personal-org';
import { SETTINGS } from '../../platform/tokens';
import type { AccountDocument } from '../account.schema';
import { AccountsRepository } from '../accounts.repository';
import { SignInLimits } from '../attempts/sign-in-limits';
import { hashSecret } from '../authentication/secrets';
import { SetupToken } from '../authentication/setup-token';
import type { InvitationDocument } from '../invitation.schema';
import { InvitationsRepository } from '../invitations.repository';
import { PasswordHasher } from '../passwords/password-hasher';
import { passwordProblem } from '../passwords/password-rules';

export interface SignUpInput {
  email: string;
  password: string;
  name?: string | undefined;
  setupToken?: string | undefined;
  invitation?: string | undefined;
  address: string;
}

/** What lets this sign-up in. */
type Admittance = { first: true } | { first: false; invitation: InvitationDocument | null };

/**
 * Makes an account and its personal organization. The account is one write; when we are stopped before the second one, the next use of the
 * account makes the organization.
 */
@Injectable()
export class SignUp {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly accounts: AccountsRepository,
    private readonly invitations: InvitationsRepository,
    private readonly setupToken: SetupToken,
    private readonly limits: SignInLimits,
    private readonly hasher: PasswordHasher,
    private readonly ensurePersonalOrg: EnsurePersonalOrg,
  ) {}

  /** @throws BerthError `PASSWORD_WEAK`, `EMAIL_TAKEN`, `SETUP_TOKEN_*`, `INVITATION_*`, `SIGN_UP_CLOSED`, `TOO_MANY_REQUESTS` */
  async run(input: SignUpInput): Promise<AccountDocument> {
    await this.limits.takeSignUp(input.address);
    const problem = passwordProblem(input.password, input.email);
    if (problem) throw new BerthError('PASSWORD_WEAK', { problem });
    const admittance = await this.admit(input);
    if (await this.accounts.byEmail(input.email)) throw new BerthError('EMAIL_TAKEN');
    const account = await this.insert(input, admittance);
    await this.ensurePersonalOrg.run(account._id);
    if (account.invitationId) await this.invitations.markUsed(account.invitationId, account.createdAt);
    return account;
  }

  private async admit(input: SignUpInput): Promise<Admittance> {
    if (!(await this.accounts.hasFirst())) {
      await this.setupToken.check(input.setupToken);
      return { first: true };
    }
    switch (this.settings.BERTH_SIGN_UP) {
      case 'open':
        return { first: false, invitation: null };
      case 'closed':
        throw new BerthError('SIGN_UP_CLOSED');
      case 'invitation':
        return { first: false, invitation: await this.invitationOf(input) };
    }
  }

  private async invitationOf({ invitation, email }: SignUpInput): Promise<InvitationDocument> {
    if (invitation === undefined) throw new BerthError('INVITATION_REQUIRED');
    const found = await this.invitations.bySecret(hashSecret(invitation), new Date());
    if (!found || (found.email !== null && found.email !== email) || (await this.accounts.usedInvitation(found._id)))
      throw new BerthError('INVITATION_INVALID');
    return found;
  }

  private async insert(input: SignUpInput, admittance: Admittance): Promise<AccountDocument> {
    const now = new Date();
    const account: AccountDocument = {
      _id: newId('account'),
      email: input.email,
      name: input.name ?? input.email.split('@')[0] ?? input.email,
      passwordHash: await this.hasher.hash(input.password),
      passwordChangedAt: now,
      operator: admittance.first,
      ...(admittance.first ? { first: true } : {}),
      ...(!admittance.first && admittance.invitation ? { invitationId: admittance.invitation._id } : {}),
      createdAt: now,
    };
    try {
      await this.accounts.insert(account);
      return account;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      // Somebody else was quicker with the same mail address, invitation or setup.
      if (await this.accounts.byEmail(input.email)) throw new BerthError('EMAIL_TAKEN');
      throw new BerthError(admittance.first ? 'SETUP_DONE' : 'INVITATION_INVALID');
    }
  }
}
