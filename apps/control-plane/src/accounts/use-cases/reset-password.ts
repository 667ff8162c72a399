import { BerthError } from '@berth/errors/berth-error';
import { Injectable } from '@nestjs/common';
import { AccessTokensRepository } from '../access-tokens.repository';
import { AccountsRepository } from '../accounts.repository';
import { SignInLimits } from '../attempts/sign-in-limits';
import { PasswordHasher } from '../passwords/password-hasher';
import { passwordProblem } from '../passwords/password-rules';
import { SessionsRepository } from '../sessions.repository';

/** Sets a new password without the old one, for somebody with a shell on the machine. Ends all sessions, on request all tokens too. */
@Injectable()
export class ResetPassword {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly sessions: SessionsRepository,
    private readonly tokens: AccessTokensRepository,
    private readonly limits: SignInLimits,
    private readonly hasher: PasswordHasher,
  ) {}

  /** @throws BerthError `ACCOUNT_NOT_FOUND`, `PASSWORD_WEAK` */
  async run(input: { email: string; password: string; revokeTokens: boolean }): Promise<{ sessions: number; tokens: number }> {
    const account = await this.accounts.byEmail(input.email);
    if (!account) throw new BerthError('ACCOUNT_NOT_FOUND', { email: input.email });
    const problem = passwordProblem(input.password, account.email);
    if (problem) throw new BerthError('PASSWORD_WEAK', { problem });
    await this.accounts.setPassword(account._id, await this.hasher.hash(input.password), new Date());
    await this.limits.clear(account.email);
    return {
      sessions: await this.sessions.deleteOthers(account._id, null),
      tokens: input.revokeTokens ? await this.tokens.deleteAll(account._id) : 0,
    };
  }
}
