import { BerthError } from '@berth/errors/berth-error';
import { Injectable } from '@nestjs/common';
import type { Identity } from '../../http/identity';
import { AccountsRepository } from '../accounts.repository';
import { SignInLimits } from '../attempts/sign-in-limits';
import { PasswordHasher } from '../passwords/password-hasher';
import { passwordProblem } from '../passwords/password-rules';
import { SessionsRepository } from '../sessions.repository';

/** Changes the password, and ends all other sessions. Access tokens stay: they are revoked one by one. */
@Injectable()
export class ChangePassword {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly sessions: SessionsRepository,
    private readonly limits: SignInLimits,
    private readonly hasher: PasswordHasher,
  ) {}

  /** @throws BerthError `PASSWORD_WRONG`, `PASSWORD_WEAK`, `SIGN_IN_LIMITED` */
  async run(identity: Identity, input: { current: string; next: string; address: string }): Promise<void> {
    const account = await this.accounts.byId(identity.accountId);
    if (!account) throw new BerthError('SIGN_IN_REQUIRED');
    const attempt = await this.limits.take(account.email, input.address);
    if (!(await this.hasher.verify(account.passwordHash, input.current))) throw new BerthError('PASSWORD_WRONG');
    await this.limits.succeeded(attempt);
    const problem = passwordProblem(input.next, account.email);
    if (problem) throw new BerthError('PASSWORD_WEAK', { problem });
    await this.accounts.setPassword(account._id, await this.hasher.hash(input.next), new Date());
    await this.sessions.deleteOthers(account._id, identity.via.kind === 'session' ? identity.via.sessionId : null);
  }
}
