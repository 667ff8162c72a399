import type { Settings } from '@berth/config/settings';
import { newId } from '@berth/contracts/ids';
import { Inject, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { clientAddress } from '../../http/client-address';
import { SETTINGS } from '../../platform/tokens';
import type { SessionDocument } from '../session.schema';
import { SessionsRepository } from '../sessions.repository';
import { hashSecret, newSessionToken } from './secrets';
import { SessionCookie } from './session-cookie';

const minuteMs = 60_000;
const rotateAfterMs = 60 * minuteMs;
/** Requests that were under way with the old token while it was replaced. */
const graceMs = minuteMs;
const touchAfterMs = 5 * minuteMs;
const mostSessions = 50;

/**
 * Console sessions: opaque tokens that are replaced every hour. The old token works until the browser has used the new one and a minute
 * longer, so that neither requests in flight nor a lost answer sign anybody out.
 */
@Injectable()
export class SessionKeeper {
  private readonly cookie: SessionCookie;
  private readonly lifetimeMs: number;

  constructor(
    @Inject(SETTINGS) settings: Settings,
    private readonly sessions: SessionsRepository,
  ) {
    this.cookie = new SessionCookie(settings);
    this.lifetimeMs = settings.BERTH_SESSION_DAYS * 24 * 60 * minuteMs;
  }

  /** Opens a session and gives its cookie with the answer. */
  async open(accountId: string, request: Request, response: Response): Promise<void> {
    const now = new Date();
    const token = newSessionToken();
    await this.sessions.insert({
      _id: newId('session'),
      accountId,
      tokenHash: hashSecret(token),
      previousTokenHash: null,
      previousValidUntil: null,
      rotatedAt: now,
      createdAt: now,
      lastUsedAt: now,
      expiresAt: new Date(now.getTime() + this.lifetimeMs),
      userAgent: (request.get('user-agent') ?? '').slice(0, 300),
      address: clientAddress(request),
    });
    await this.sessions.keepNewest(accountId, mostSessions);
    this.cookie.write(response, token);
  }

  close(response: Response): void {
    this.cookie.clear(response);
  }

  has(request: Request): boolean {
    return this.cookie.read(request) !== undefined;
  }

  /** The session of the request's cookie, kept alive and rotated when it is time; null without a valid one. */
  async find(request: Request, response: Response): Promise<SessionDocument | null> {
    const token = this.cookie.read(request);
    if (token === undefined) return null;
    const now = new Date();
    const tokenHash = hashSecret(token);
    const session = await this.sessions.byToken(tokenHash, now);
    if (!session) return null;
    const usable = session.tokenHash === tokenHash ? await this.onCurrent(session, now) : this.onPrevious(session, now);
    if (usable === 'ended') return null;
    if (usable === 'rotate') await this.rotate(session, tokenHash, response, now);
    if (now.getTime() - session.lastUsedAt.getTime() > touchAfterMs)
      await this.touch(session, request, response, token, usable, now);
    return session;
  }

  private async onCurrent(session: SessionDocument, now: Date): Promise<'keep' | 'rotate'> {
    if (session.previousTokenHash !== null && session.previousValidUntil === null)
      await this.sessions.endPrevious(session._id, session.tokenHash, new Date(now.getTime() + graceMs));
    return this.isDue(session, now, rotateAfterMs) ? 'rotate' : 'keep';
  }

  private onPrevious(session: SessionDocument, now: Date): 'keep' | 'rotate' | 'ended' {
    if (session.previousValidUntil !== null) return session.previousValidUntil > now ? 'keep' : 'ended';
    // The answer that carried the new token was lost: give another.
    return this.isDue(session, now, graceMs) ? 'rotate' : 'keep';
  }

  private isDue(session: SessionDocument, now: Date, afterMs: number): boolean {
    return now.getTime() - session.rotatedAt.getTime() > afterMs;
  }

  private async rotate(session: SessionDocument, shown: string, response: Response, now: Date): Promise<void> {
    const token = newSessionToken();
    const next = { tokenHash: hashSecret(token), previousTokenHash: shown, now };
    if (await this.sessions.rotate(session._id, session.tokenHash, next)) this.cookie.write(response, token);
  }

  private async touch(
    session: SessionDocument,
    request: Request,
    response: Response,
    token: string,
    usable: 'keep' | 'rotate',
    now: Date,
  ): Promise<void> {
    const expiresAt = new Date(now.getTime() + this.lifetimeMs);
    await this.sessions.touch(session._id, { lastUsedAt: now, expiresAt, address: clientAddress(request) });
    // The browser's copy slides along; a rotation has just written a newer one.
    if (usable === 'keep' && hashSecret(token) === session.tokenHash) this.cookie.write(response, token);
  }
}
