import { hostname } from 'node:os';
import { answerOf } from '@berth/client/client';
import type { Context } from '../context';
import { askPassword, askText, readPasswordFromStdin } from '../prompts';

export interface CredentialOptions {
  email?: string;
  password?: string;
  passwordStdin?: boolean;
}

/** Mail address and password, from options, stdin or prompts. */
export async function readCredentials(
  { output }: Context,
  options: CredentialOptions,
): Promise<{ email: string; password: string }> {
  const email = options.email ?? (await askText(output, 'Mail address', '--email'));
  if (options.passwordStdin) return { email, password: await readPasswordFromStdin() };
  return { email, password: options.password ?? (await askPassword(output, 'Password')) };
}

export interface SignedIn {
  email: string;
  apiUrl: string;
  /** ISO 8601; null for a token that does not end. */
  expiresAt: string | null;
  credentialsFile: string;
}

/** Gets an access token and keeps it; the one kept before is revoked. */
export async function signIn(context: Context, given: { email: string; password: string }): Promise<SignedIn> {
  const { apiUrl, credentials } = context;
  const before = credentials.find(apiUrl);
  const body = { ...given, name: `berth CLI on ${hostname()}`.slice(0, 100), expiresInDays: 90 };
  const { secret, token, account } = await answerOf(context.anonymous().POST('/v1/tokens/sign-in', { body }));
  credentials.save(apiUrl, { token: secret, email: account.email, expiresAt: token.expiresAt });
  if (before)
    await context
      .clientWith(before.token)
      .DELETE('/v1/tokens/current')
      .catch(() => undefined);
  return { email: account.email, apiUrl, expiresAt: token.expiresAt, credentialsFile: credentials.path };
}
