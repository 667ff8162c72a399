import type { Settings } from '@berth/config/settings';
import type { Request } from 'express';
import { Strategy } from 'passport';
import { type Identity, tokenScopes } from '../../http/identity';
import { requireOwnOrigin } from '../../http/origin';
import type { AccountsRepository } from '../accounts.repository';
import type { AccessTokenReader } from './access-token-reader';
import type { SessionKeeper } from './session-keeper';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Looks for one kind of credential; null when the request has none that is valid. */
abstract class IdentityStrategy extends Strategy {
  abstract override readonly name: string;

  override authenticate(request: Request): void {
    this.identify(request).then(
      (identity) => (identity ? this.success(identity) : this.fail(401)),
      (error: unknown) => this.error(error),
    );
  }

  protected abstract identify(request: Request): Promise<Identity | null>;
}

/** `Authorization: Bearer brt_…`. Never from query or body, which end up in logs. */
export class AccessTokenStrategy extends IdentityStrategy {
  readonly name = 'access-token';

  constructor(
    private readonly tokens: AccessTokenReader,
    private readonly accounts: AccountsRepository,
  ) {
    super();
  }

  protected async identify(request: Request): Promise<Identity | null> {
    const secret = /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '')?.[1];
    const token = secret ? await this.tokens.find(secret) : null;
    const account = token && (await this.accounts.byId(token.accountId));
    if (!token || !account) return null;
    return {
      accountId: account._id,
      operator: account.operator,
      via: { kind: 'token', tokenId: token._id },
      scopes: new Set(token.scopes),
    };
  }
}

/** The console's cookie. A request with an `Authorization` header never falls back to it. */
export class SessionStrategy extends IdentityStrategy {
  readonly name = 'session';

  constructor(
    private readonly settings: Settings,
    private readonly sessions: SessionKeeper,
    private readonly accounts: AccountsRepository,
  ) {
    super();
  }

  protected async identify(request: Request): Promise<Identity | null> {
    if (request.get('authorization') !== undefined || !this.sessions.has(request)) return null;
    if (!safeMethods.has(request.method)) requireOwnOrigin(request, this.settings, { mayLack: false });
    if (!request.res) throw new Error('Express gives each request its response');
    const session = await this.sessions.find(request, request.res);
    const account = session && (await this.accounts.byId(session.accountId));
    if (!session || !account) return null;
    return {
      accountId: account._id,
      operator: account.operator,
      via: { kind: 'session', sessionId: session._id },
      scopes: new Set(tokenScopes),
    };
  }
}
