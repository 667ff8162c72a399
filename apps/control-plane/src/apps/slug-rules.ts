import { BerthError } from '@berth/errors/berth-error';

export const slugMinLength = 3;
export const slugMaxLength = 40;

/**
 * Names that never become an app's address: what the platform itself, mail, certificates or people's expectations need. One list for
 * every installation, so that an app can move between them.
 */
const reserved = new Set(
  `about abuse account accounts acme activator admin administrator agent analytics api apis app apps assets auth autoconfig autodiscover
  backup backups beta berth billing blog broadcasthost build builds cdn cli cloud community console contact control core dash dashboard db
  demo dev developer developers dns doc docs download downloads email example files forum ftp gateway git graphql health help home host
  hostmaster hosting http https imap info internal invalid invite invoice isatap legal live local localdomain localhost login logout logs
  mail mailer marketing media metrics mobile monitor monitoring mongo mongodb mta-sts mx network news node nodes noc none null oauth office
  ops operator org orgs owner parse partner password pay payment payments plans platform policy pop pop3 portal postgres postmaster press
  privacy prod production proxy public redis register registry relay root router sales sandbox search secure security server service
  services settings setup shop signin signout signup sip sites smtp spec sso staging static stats status store stripe support system team
  terms test testing token tokens tools undefined update upload uploads usage user users verify vpn webhook webhooks webmail webmaster
  websocket well-known wiki worker workers wpad www www1 www2 www3`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

/** What is wrong with a slug, or null when it can be used. Whether it is free is another question. */
export function slugProblem(slug: string): string | null {
  if (slug.length < slugMinLength) return `it is shorter than ${slugMinLength} characters`;
  if (slug.length > slugMaxLength) return `it is longer than ${slugMaxLength} characters`;
  if (!/^[a-z0-9-]+$/.test(slug)) return 'it has characters other than lower-case letters, digits and hyphens';
  if (slug.startsWith('-') || slug.endsWith('-')) return 'it begins or ends with a hyphen';
  if (slug.includes('--')) return 'it has two hyphens in a row';
  if (reserved.has(slug)) return 'the name is reserved';
  return null;
}

/** @throws BerthError `SLUG_INVALID` */
export function requireSlug(slug: string): string {
  const problem = slugProblem(slug);
  if (problem) throw new BerthError('SLUG_INVALID', { slug: [...slug].slice(0, slugMaxLength + 1).join(''), problem });
  return slug;
}
