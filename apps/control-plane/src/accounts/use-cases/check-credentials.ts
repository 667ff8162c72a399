import { BerthError } from '@berth/errors/berth-error';
import { Injectable } from '@nestjs/common';
import type { AccountDocument } from '../account.schema';
import { AccountsRepository } from '../accounts.repository';
import { SignInLimits } from '../attempts/sign-in-limits';
import { PasswordHasher } from '../passwords/password-hasher';

/** Mail address and password of somebody who signs in. A wrong address and a wrong password take the same time and get the same answer. */
@Injectable()
export class CheckCredentials {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly limits: SignInLimits,
    private readonly hasher: PasswordHasher,
  ) {}

  /** @throws BerthError `CREDENTIALS_WRONG`, `SIGN_IN_LIMITED` */
  async run(email: string, password: string, address: string): Promise<AccountDocument> {
    const attempt = await this.limits.take(email, address);
    const account = await this.accounts.byEmail(email);
    const right = await this.hasher.verify(account?.passwordHash, password);
    if (!account || !right) throw new BerthError('CREDENTIALS_WRONG');
    await this.limits.succeeded(attempt);
    if (this.hasher.isOutdated(account.passwordHash))
      await this.accounts.rehash(account._id, account.passwordHash, await this.hasher.hash(password));
    return account;
  }
}
