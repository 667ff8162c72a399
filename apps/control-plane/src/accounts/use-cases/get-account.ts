import { BerthError } from '@berth/errors/berth-error';
import { Injectable } from '@nestjs/common';
import type { Identity } from '../../http/identity';
import type { AccountDocument } from '../account.schema';
import { AccountsRepository } from '../accounts.repository';

@Injectable()
export class GetAccount {
  constructor(private readonly accounts: AccountsRepository) {}

  /** @throws BerthError `SIGN_IN_REQUIRED` when the account went while the request was under way */
  async run(identity: Identity): Promise<AccountDocument> {
    const account = await this.accounts.byId(identity.accountId);
    if (!account) throw new BerthError('SIGN_IN_REQUIRED');
    return account;
  }
}
