import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { Request } from 'express';

/** What an access token may be limited to. A console session has all of them. */
export const tokenScopes = ['apps:read', 'apps:write', 'keys:read', 'account:read', 'account:write', 'admin'] as const;
export type TokenScope = (typeof tokenScopes)[number];

/** Who calls. First argument of every use case. */
export interface Identity {
  readonly accountId: string;
  /** May use `/v1/admin`. */
  readonly operator: boolean;
  readonly via: { readonly kind: 'session'; readonly sessionId: string } | { readonly kind: 'token'; readonly tokenId: string };
  readonly scopes: ReadonlySet<TokenScope>;
}

export interface IdentifiedRequest extends Request {
  identity?: Identity;
}

/** The caller's identity; the guard has made sure that there is one. */
export const CurrentIdentity = createParamDecorator((_: unknown, context: ExecutionContext): Identity => {
  const identity = context.switchToHttp().getRequest<IdentifiedRequest>().identity;
  if (!identity) throw new Error('CurrentIdentity is used on a public endpoint');
  return identity;
});

export const publicKey = 'berth:public';
/** The endpoint needs no account. */
export const Public = () => SetMetadata(publicKey, true);

export const scopeKey = 'berth:scope';
/** The scope an access token must have for this endpoint. Every endpoint that is not public has one. */
export const RequiresScope = (scope: TokenScope) => SetMetadata(scopeKey, scope);
