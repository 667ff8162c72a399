import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
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

export const accessKey = 'berth:access';

/** What the guard asks for before an endpoint is called. An endpoint that says nothing is refused. */
export type Access =
  | { readonly kind: 'public' }
  | { readonly kind: 'scope'; readonly scope: TokenScope; readonly operator: boolean }
  | { readonly kind: 'any' };

/** The OpenAPI document says the same: the extension becomes `security` and the scope in `openapi/document.ts`. */
export const accessExtension = 'x-berth-access';

const access = (value: Access) => applyDecorators(SetMetadata(accessKey, value), ApiExtension(accessExtension, value));

/** The endpoint needs no account. */
export const Public = () => access({ kind: 'public' });

/** The scope an access token must have for this endpoint. */
export const RequiresScope = (scope: TokenScope) => access({ kind: 'scope', scope, operator: false });

/** For the operator alone; an access token needs the scope `admin` as well. */
export const OperatorOnly = () => access({ kind: 'scope', scope: 'admin', operator: true });

/** Any signed-in account, whatever the scopes of its token: what concerns the credential itself. */
export const AnyScope = () => access({ kind: 'any' });
