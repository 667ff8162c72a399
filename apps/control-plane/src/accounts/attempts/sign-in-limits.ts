import { createHash } from 'node:crypto';
import { BerthError } from '@berth/errors/berth-error';
import { Injectable } from '@nestjs/common';
import { addressRange } from '../../http/client-address';
import { AttemptsRepository } from './attempts.repository';

const minuteMs = 60_000;
const windowMs = 15 * minuteMs;
const mostByAccount = 10;
const mostByAddress = 50;
const knownForMs = 90 * 24 * 60 * minuteMs;
const signUpsByAddress = 100;

/** A try that was let through; given back when it succeeds. */
export interface Attempt {
  readonly email: string;
  readonly address: string;
  readonly buckets: readonly string[];
}

/**
 * Limits guessing of passwords, by account and by address. An address that an account has signed in from counts by itself: whoever fills the
 * account's own count from elsewhere does not lock out its owner. Mail addresses without an account count alike, so the answers do not tell.
 */
@Injectable()
export class SignInLimits {
  constructor(private readonly attempts: AttemptsRepository) {}

  /**
   * Counts a try before the password is looked at, so that parallel tries all count.
   * @throws BerthError `SIGN_IN_LIMITED`
   */
  async take(email: string, address: string): Promise<Attempt> {
    const now = new Date();
    const byAddress = `sign-in:address:${digest(addressRange(address))}`;
    const known = await this.attempts.exists(knownId(email, address), now);
    const byAccount = known ? `sign-in:pair:${pair(email, address)}` : accountBucket(email);
    await this.count(byAddress, mostByAddress, now);
    await this.count(byAccount, mostByAccount, now);
    return { email, address, buckets: [byAddress, byAccount] };
  }

  /** The password was right. */
  async succeeded(attempt: Attempt): Promise<void> {
    await Promise.all(attempt.buckets.map((bucket) => this.attempts.giveBack(bucket)));
    await this.attempts.remember(knownId(attempt.email, attempt.address), new Date(Date.now() + knownForMs));
  }

  /** Forgets the failures that counted for the account, as after a reset of its password. */
  async clear(email: string): Promise<void> {
    await this.attempts.forget(accountBucket(email), `sign-in:pair:${digest(email)}:`);
  }

  /** @throws BerthError `TOO_MANY_REQUESTS` when this address has made very many accounts within the hour. */
  async takeSignUp(address: string): Promise<void> {
    const now = new Date();
    const counted = await this.attempts.add(`sign-up:address:${digest(addressRange(address))}`, now, 60 * minuteMs);
    if (counted.count > signUpsByAddress)
      throw new BerthError('TOO_MANY_REQUESTS', { seconds: secondsUntil(counted.windowEndsAt, now) });
  }

  private async count(bucket: string, most: number, now: Date): Promise<void> {
    const counted = await this.attempts.add(bucket, now, windowMs);
    if (counted.count > most) throw new BerthError('SIGN_IN_LIMITED', { seconds: secondsUntil(counted.windowEndsAt, now) });
  }
}

function accountBucket(email: string): string {
  return `sign-in:account:${digest(email)}`;
}

function knownId(email: string, address: string): string {
  return `known:${pair(email, address)}`;
}

function pair(email: string, address: string): string {
  return `${digest(email)}:${digest(addressRange(address))}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 24);
}

function secondsUntil(end: Date, now: Date): number {
  return Math.max(1, Math.ceil((end.getTime() - now.getTime()) / 1000));
}
