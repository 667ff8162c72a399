import { consoleOrigin } from '@berth/config/addresses';
import type { Settings } from '@berth/config/settings';
import type { CookieOptions, Request, Response } from 'express';

const dayMs = 24 * 60 * 60 * 1000;

/** The console's cookie: its name and attributes follow from the origin that people type. */
export class SessionCookie {
  readonly name: string;
  private readonly options: CookieOptions;
  private readonly maxAge: number;

  constructor(settings: Settings) {
    const origin = new URL(consoleOrigin(settings));
    // Browsers take Secure cookies from plain http on localhost alone.
    const secure = origin.protocol === 'https:' || origin.hostname === 'localhost';
    this.name = secure ? '__Host-berth' : 'berth';
    this.options = { httpOnly: true, sameSite: 'lax', path: '/', secure };
    this.maxAge = settings.BERTH_SESSION_DAYS * dayMs;
  }

  read(request: Request): string | undefined {
    const value: unknown = (request.cookies as Record<string, unknown> | undefined)?.[this.name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  write(response: Response, token: string): void {
    response.cookie(this.name, token, { ...this.options, maxAge: this.maxAge });
  }

  clear(response: Response): void {
    response.clearCookie(this.name, this.options);
  }
}
