import type { IncomingHttpHeaders } from 'node:http';
import type { RotatingKey, RuntimeConfig } from '@berth/contracts/runtime-config';

type KeyName = keyof RuntimeConfig['keys'];

const headers: Record<string, readonly KeyName[]> = {
  'x-parse-master-key': ['master', 'readOnlyMaster'],
  'x-parse-javascript-key': ['javascript'],
  'x-parse-rest-api-key': ['rest'],
  'x-parse-client-key': ['client'],
};

/** How SDKs write keys into a body. Parse Server itself reads these two alone from there. */
const bodyFields: Record<string, readonly KeyName[]> = {
  _MasterKey: ['master', 'readOnlyMaster'],
  _JavaScriptKey: ['javascript'],
};

/**
 * Translates keys of before a rotation, while they are still valid, into today's: Parse Server then knows one value for each. A look-up
 * in a table, whatever the number of rotations; the moment of expiry is exact.
 */
export class KeyRotation {
  private readonly translations = new Map<KeyName, Map<string, { current: string; endsAt: number }>>();
  private readonly keys: RuntimeConfig['keys'];

  constructor(keys: RuntimeConfig['keys']) {
    this.keys = keys;
    for (const [name, key] of Object.entries(keys) as [KeyName, RotatingKey][]) {
      const table = new Map<string, { current: string; endsAt: number }>();
      for (const { value, validUntil } of key.previous) {
        table.set(value, { current: key.current, endsAt: Date.parse(validUntil) });
      }
      if (table.size > 0) this.translations.set(name, table);
    }
  }

  /** False when nothing can ever be translated: then bodies need no look. */
  get pending(): boolean {
    return this.translations.size > 0;
  }

  /** The key of today that `value` stands for; `value` itself when it is none of before. */
  translate(value: string, names: readonly KeyName[], now = Date.now()): string {
    for (const name of names) {
      const found = this.translations.get(name)?.get(value);
      if (found && now < found.endsAt) return found.current;
    }
    return value;
  }

  /** Rewrites the key headers of a request, in place. */
  translateHeaders(request: IncomingHttpHeaders): void {
    if (!this.pending) return;
    for (const [header, names] of Object.entries(headers)) {
      const value = request[header];
      if (typeof value === 'string') request[header] = this.translate(value, names);
    }
    if (request.authorization?.slice(0, 6).toLowerCase() === 'basic ') {
      request.authorization = `Basic ${this.translateBasic(request.authorization.slice(6))}`;
    }
  }

  /** Rewrites the keys that an SDK put into a JSON body, in place. */
  translateBody(body: unknown): void {
    if (!this.pending || typeof body !== 'object' || body === null) return;
    const fields = body as Record<string, unknown>;
    for (const [field, names] of Object.entries(bodyFields)) {
      if (typeof fields[field] === 'string') fields[field] = this.translate(fields[field], names);
    }
  }

  /** True when `value` is the key of today or one of before that is still valid. */
  accepts(name: KeyName, value: unknown): boolean {
    return typeof value === 'string' && this.translate(value, [name]) === this.keys[name].current;
  }

  /** `application id:master key` or `application id:javascript-key=…`, base64. */
  private translateBasic(encoded: string): string {
    const [applicationId = '', key = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
    const prefix = 'javascript-key=';
    const translated = key.startsWith(prefix)
      ? prefix + this.translate(key.slice(prefix.length), ['javascript'])
      : this.translate(key, ['master', 'readOnlyMaster']);
    return Buffer.from(`${applicationId}:${translated}`).toString('base64');
  }
}
