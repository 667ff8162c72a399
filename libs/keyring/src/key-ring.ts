import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** A sealed text that cannot be opened: another key, another context, or it was changed. */
export class SealError extends Error {
  override name = 'SealError';
}

/**
 * Seals secrets for MongoDB with AES-256-GCM. The root keys live outside MongoDB, one a line as `<id>:<32 bytes in base64>`; the last
 * line seals, all open, so a new key is added as a line and old texts are sealed anew in their own time.
 */
export class KeyRing {
  private constructor(
    private readonly keys: ReadonlyMap<string, Buffer>,
    private readonly newest: string,
  ) {}

  /** @throws SealError when a line has another form or there is none. */
  static parse(text: string): KeyRing {
    const keys = new Map<string, Buffer>();
    let newest = '';
    for (const line of text.split('\n').filter((each) => each.trim() !== '')) {
      const [id = '', encoded = ''] = line.trim().split(':');
      const root = Buffer.from(encoded, 'base64');
      if (!/^[a-z0-9]{1,16}$/.test(id) || root.length !== 32)
        throw new SealError('root.key: each line must be <id>:<32 bytes in base64>');
      keys.set(id, Buffer.from(hkdfSync('sha256', root, '', 'berth/seal/1', 32)));
      newest = id;
    }
    if (newest === '') throw new SealError('root.key: there is no key in it');
    return new KeyRing(keys, newest);
  }

  static fromFile(path: string): KeyRing {
    return KeyRing.parse(readFileSync(path, 'utf8'));
  }

  /** A line for a new root key. */
  static newKeyLine(id: string): string {
    return `${id}:${randomBytes(32).toString('base64')}\n`;
  }

  /** Seals `plain`. The `context` (e.g. the record's id and field) must be given again to open it, so a sealed text cannot be moved. */
  seal(plain: string, context: string): string {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(algorithm, this.key(this.newest), nonce).setAAD(Buffer.from(context));
    const sealed = Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `s1.${this.newest}.${sealed.toString('base64url')}`;
  }

  /** @throws SealError */
  open(sealed: string, context: string): string {
    const [version, id = '', encoded = ''] = sealed.split('.');
    const bytes = Buffer.from(encoded, 'base64url');
    if (version !== 's1' || bytes.length < nonceBytes + tagBytes) throw new SealError('not a sealed text');
    const decipher = createDecipheriv(algorithm, this.key(id), bytes.subarray(0, nonceBytes)).setAAD(Buffer.from(context));
    decipher.setAuthTag(bytes.subarray(bytes.length - tagBytes));
    try {
      return decipher.update(bytes.subarray(nonceBytes, bytes.length - tagBytes), undefined, 'utf8') + decipher.final('utf8');
    } catch (cause) {
      throw new SealError('the sealed text does not fit this key and context', { cause });
    }
  }

  /** True when the text was sealed with an older key and should be sealed anew. */
  isStale(sealed: string): boolean {
    return sealed.split('.')[1] !== this.newest;
  }

  private key(id: string): Buffer {
    const key = this.keys.get(id);
    if (!key) throw new SealError(`root.key has no key “${id}”`);
    return key;
  }
}
