import { randomBytes } from 'node:crypto';

const prefixes = {
  account: 'acc',
  session: 'ses',
  token: 'tok',
  invitation: 'inv',
  org: 'org',
  membership: 'mem',
  app: 'app',
  environment: 'env',
  runtime: 'rt',
  operation: 'op',
  node: 'node',
  gateway: 'gw',
  audit: 'aud',
} as const;

export type IdKind = keyof typeof prefixes;

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** A new id such as `app_3f8k…`: what it names, then 20 characters (100 bits) that nobody can guess, fit for host names and labels. */
export function newId(kind: IdKind): string {
  return `${prefixes[kind]}_${randomText(20)}`;
}

/** Text of `length` characters out of 32, 5 bits each, from the system's randomness. */
export function randomText(length: number): string {
  let text = '';
  for (const byte of randomBytes(length)) text += alphabet[byte & 31];
  return text;
}

/** True for a text that `newId(kind)` can have made. */
export function isId(kind: IdKind, text: string): boolean {
  return new RegExp(`^${prefixes[kind]}_[${alphabet}]{20}$`).test(text);
}
