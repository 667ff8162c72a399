import { randomText } from '@berth/contracts/ids';
import { Injectable } from '@nestjs/common';
import type { AccessTokenDocument } from '../access-token.schema';
import { AccessTokensRepository } from '../access-tokens.repository';
import { hashSecret } from './secrets';

const touchAfterMs = 5 * 60_000;
const form = /^brt_[0-9a-z]{40}$/;

/** A new secret of 200 bits; its beginning lets scanners of source code find one that leaked. */
export function newAccessTokenSecret(): string {
  return `brt_${randomText(40)}`;
}

@Injectable()
export class AccessTokenReader {
  constructor(private readonly tokens: AccessTokensRepository) {}

  /** The token with this secret, if it has not ended. */
  async find(secret: string): Promise<AccessTokenDocument | null> {
    if (!form.test(secret)) return null;
    const now = new Date();
    const token = await this.tokens.bySecret(hashSecret(secret), now);
    if (token && now.getTime() - (token.lastUsedAt?.getTime() ?? 0) > touchAfterMs) await this.tokens.touch(token._id, now);
    return token;
  }
}
