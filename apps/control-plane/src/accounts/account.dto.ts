import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import type { AccountDocument } from './account.schema';
import { longestPassword } from './passwords/password-rules';

export const email = z
  .string()
  .max(254)
  .trim()
  .toLowerCase()
  .pipe(z.email('must be a mail address'))
  .describe('Mail address; capitals do not matter.');

/** As it is typed at a sign-in: no rules, only a bound. */
export const password = z.string().min(1).max(longestPassword);

export const personName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}]*$/u, 'must not have control characters');

export const account = z
  .object({
    id: z.string(),
    email: z.string(),
    name: z.string(),
    operator: z.boolean().describe('Runs this platform: may use `berth admin`.'),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Account' });

export class AccountAnswer extends createZodDto(z.object({ account })) {}

export class SignUpBody extends createZodDto(
  z.strictObject({
    email,
    password: password.describe('10 characters or more, not a common one, not the mail address.'),
    name: personName.optional(),
    setupToken: z.string().max(200).optional().describe('The first account needs it; later ones do not.'),
    invitation: z.string().max(200).optional().describe('Where sign-up is by invitation.'),
  }),
) {}

export class UpdateAccountBody extends createZodDto(z.strictObject({ name: personName })) {}

export class ChangePasswordBody extends createZodDto(
  z.strictObject({
    current: password,
    next: password.describe('10 characters or more, not a common one, not the mail address.'),
  }),
) {}

export class SetupAnswer extends createZodDto(
  z.object({
    needsSetup: z.boolean().describe('True until the first account, the operator, is made.'),
    signUp: z.enum(['open', 'invitation', 'closed']),
    version: z.string(),
  }),
) {}

export function toAccount(document: AccountDocument): z.infer<typeof account> {
  return {
    id: document._id,
    email: document.email,
    name: document.name,
    operator: document.operator,
    createdAt: document.createdAt.toISOString(),
  };
}
