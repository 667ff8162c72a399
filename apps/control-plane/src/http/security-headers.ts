import { consoleOrigin } from '@berth/config/addresses';
import type { Settings } from '@berth/config/settings';
import helmet from 'helmet';

/**
 * Headers of every answer. The policy is the console's: its own files and its own API, styles inline as Mantine writes them. No
 * `includeSubDomains`: the operator's other names are not ours to decide about.
 */
export function securityHeaders(settings: Settings) {
  const overTls = consoleOrigin(settings).startsWith('https:');
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: overTls ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  });
}
