import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { tokenScopes } from '../http/identity';
import { listOf } from '../http/pagination';
import type { AccessTokenDocument } from './access-token.schema';
import { account, email, password } from './account.dto';

const name = z.string().trim().min(1).max(100).describe('What it is for, for your own list.');
const scopes = z.array(z.enum(tokenScopes)).min(1).max(20);
const days = z.int().min(1).max(3650).nullable();

export class CreateTokenBody extends createZodDto(
  z.strictObject({ name, scopes, expiresInDays: days.describe('null for one that does not end.') }),
) {}

export const tokenSignInBody = z.strictObject({
  email,
  password,
  name,
  scopes: scopes.optional().describe('All that the account may use when left out.'),
  expiresInDays: days.default(90).describe('90 days when left out; null for one that does not end.'),
});
export class TokenSignInBody extends createZodDto(tokenSignInBody) {}

export const accessToken = z
  .object({
    id: z.string(),
    name: z.string(),
    prefix: z.string().describe('First characters of the secret.'),
    scopes: z.array(z.enum(tokenScopes)),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().nullable(),
    lastUsedAt: z.iso.datetime().nullable().describe('Exact to five minutes.'),
  })
  .meta({ id: 'AccessToken' });

const secret = z.string().describe('Shown this once.');

export class TokenList extends createZodDto(listOf(accessToken)) {}
export class CreatedToken extends createZodDto(z.object({ token: accessToken, secret })) {}
export class TokenSignInAnswer extends createZodDto(z.object({ token: accessToken, secret, account })) {}

export function toAccessToken(document: AccessTokenDocument): z.infer<typeof accessToken> {
  return {
    id: document._id,
    name: document.name,
    prefix: document.prefix,
    scopes: document.scopes,
    createdAt: document.createdAt.toISOString(),
    expiresAt: document.expiresAt?.toISOString() ?? null,
    lastUsedAt: document.lastUsedAt?.toISOString() ?? null,
  };
}
