import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import type { Identity } from '../http/identity';
import { listOf } from '../http/pagination';
import { email, password } from './account.dto';
import type { SessionDocument } from './session.schema';

export const signInBody = z.strictObject({ email, password });
export class SignInBody extends createZodDto(signInBody) {}

export const session = z
  .object({
    id: z.string(),
    current: z.boolean().describe('The session of this very request.'),
    userAgent: z.string(),
    address: z.string().describe('Where it was last used from.'),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime().describe('Exact to five minutes.'),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'Session' });

export class SessionList extends createZodDto(listOf(session)) {}

export function toSession(document: SessionDocument, identity: Identity): z.infer<typeof session> {
  return {
    id: document._id,
    current: identity.via.kind === 'session' && identity.via.sessionId === document._id,
    userAgent: document.userAgent,
    address: document.address,
    createdAt: document.createdAt.toISOString(),
    lastUsedAt: document.lastUsedAt.toISOString(),
    expiresAt: document.expiresAt.toISOString(),
  };
}
