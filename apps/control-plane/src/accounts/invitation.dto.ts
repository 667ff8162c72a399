import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { listOf } from '../http/pagination';
import { email } from './account.dto';
import type { InvitationDocument } from './invitation.schema';

export class CreateInvitationBody extends createZodDto(
  z.strictObject({
    email: email.optional().describe('The only address that may use it; anybody who has it when left out.'),
    expiresInDays: z.int().min(1).max(365).default(14),
  }),
) {}

export const invitation = z
  .object({
    id: z.string(),
    email: z.string().nullable(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    usedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Invitation' });

export class InvitationList extends createZodDto(listOf(invitation)) {}
export class CreatedInvitation extends createZodDto(
  z.object({
    invitation,
    secret: z.string().describe('Shown this once.'),
    url: z.string().describe('Link to the sign-up page.'),
  }),
) {}

export function toInvitation(document: InvitationDocument): z.infer<typeof invitation> {
  return {
    id: document._id,
    email: document.email,
    createdAt: document.createdAt.toISOString(),
    expiresAt: document.expiresAt.toISOString(),
    usedAt: document.usedAt?.toISOString() ?? null,
  };
}
