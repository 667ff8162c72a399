import { newId } from '@berth/contracts/ids';
import { BerthError } from '@berth/errors/berth-error';
import { Injectable } from '@nestjs/common';
import { type Identity, type TokenScope, tokenScopes } from '../../http/identity';
import type { AccessTokenDocument } from '../access-token.schema';
import { AccessTokensRepository } from '../access-tokens.repository';
import { newAccessTokenSecret } from '../authentication/access-token-reader';
import { hashSecret } from '../authentication/secrets';

const dayMs = 24 * 60 * 60 * 1000;
const mostTokens = 100;

export interface NewToken {
  name: string;
  scopes: TokenScope[];
  expiresInDays: number | null;
}

/** Makes a personal access token. Its secret leaves this function once and is kept as a hash alone. */
@Injectable()
export class CreateAccessToken {
  constructor(private readonly tokens: AccessTokensRepository) {}

  /**
   * A token made with a token has at most the scopes and the life of that one.
   * @throws BerthError `TOKEN_SCOPE_MISSING`, `TOKEN_CAP_REACHED`
   */
  async run(identity: Identity, input: NewToken): Promise<{ token: AccessTokenDocument; secret: string }> {
    const missing = input.scopes.find((scope) => !identity.scopes.has(scope));
    if (missing) throw new BerthError('TOKEN_SCOPE_MISSING', { scope: missing });
    const expiresAt = input.expiresInDays === null ? null : new Date(Date.now() + input.expiresInDays * dayMs);
    return this.insert(identity.accountId, input, earlier(expiresAt, await this.endOf(identity)));
  }

  /** For somebody who has just proved the password; without scopes it has all that the account may use. */
  async forSignIn(
    account: { _id: string; operator: boolean },
    input: { name: string; scopes?: TokenScope[] | undefined; expiresInDays: number | null },
  ): Promise<{ token: AccessTokenDocument; secret: string }> {
    const scopes = input.scopes ?? tokenScopes.filter((scope) => scope !== 'admin' || account.operator);
    const expiresAt = input.expiresInDays === null ? null : new Date(Date.now() + input.expiresInDays * dayMs);
    return this.insert(account._id, { name: input.name, scopes }, expiresAt);
  }

  private async insert(accountId: string, input: { name: string; scopes: TokenScope[] }, expiresAt: Date | null) {
    if ((await this.tokens.countOfAccount(accountId)) >= mostTokens)
      throw new BerthError('TOKEN_CAP_REACHED', { count: mostTokens });
    const secret = newAccessTokenSecret();
    const token: AccessTokenDocument = {
      _id: newId('token'),
      accountId,
      name: input.name,
      secretHash: hashSecret(secret),
      prefix: secret.slice(0, 8),
      scopes: [...new Set(input.scopes)],
      createdAt: new Date(),
      expiresAt,
      lastUsedAt: null,
    };
    await this.tokens.insert(token);
    return { token, secret };
  }

  private async endOf(identity: Identity): Promise<Date | null> {
    if (identity.via.kind !== 'token') return null;
    return (await this.tokens.byId(identity.accountId, identity.via.tokenId))?.expiresAt ?? null;
  }
}

function earlier(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other;
  return one < other ? one : other;
}
