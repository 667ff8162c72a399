import { randomText } from '@berth/contracts/ids';
import type { INestApplicationContext } from '@nestjs/common';
import { email as emailSchema } from '../accounts/account.dto';
import { ResetPassword } from '../accounts/use-cases/reset-password';

/** Wrong words on the command line. */
export class UsageError extends Error {
  override name = 'UsageError';
}

export const usage = `Usage: admin reset-password EMAIL [--password-stdin] [--revoke-tokens]

  Sets a new password and ends all sessions of the account. Without --password-stdin a password is made and shown.
  --revoke-tokens  ends its access tokens as well
`;

export interface ResetResult {
  email: string;
  /** The password that was made; null when one was given. */
  password: string | null;
  sessionsEnded: number;
  tokensRevoked: number;
}

/** What the words ask for, before anything is connected. @throws UsageError */
export function parseCommand(words: string[]): { email: string; passwordFromStdin: boolean; revokeTokens: boolean } {
  const [command, ...rest] = words;
  if (command !== 'reset-password') throw new UsageError(`There is no command ${command ?? ''}.`);
  const flags = rest.filter((word) => word.startsWith('--'));
  const unknown = flags.find((flag) => flag !== '--password-stdin' && flag !== '--revoke-tokens');
  if (unknown) throw new UsageError(`There is no option ${unknown}.`);
  const [given, ...more] = rest.filter((word) => !word.startsWith('--'));
  const email = emailSchema.safeParse(given);
  if (!email.success || more.length > 0) throw new UsageError('Give one mail address.');
  return {
    email: email.data,
    passwordFromStdin: flags.includes('--password-stdin'),
    revokeTokens: flags.includes('--revoke-tokens'),
  };
}

/** @throws BerthError `ACCOUNT_NOT_FOUND`, `PASSWORD_WEAK` */
export async function resetPassword(
  context: INestApplicationContext,
  input: { email: string; password: string | null; revokeTokens: boolean },
): Promise<ResetResult> {
  const password = input.password ?? randomText(20);
  const ended = await context
    .get(ResetPassword, { strict: false })
    .run({ email: input.email, password, revokeTokens: input.revokeTokens });
  return {
    email: input.email,
    password: input.password === null ? password : null,
    sessionsEnded: ended.sessions,
    tokensRevoked: ended.tokens,
  };
}
