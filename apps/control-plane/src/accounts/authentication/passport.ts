import type { Request, Response } from 'express';
import { Passport, type Strategy } from 'passport';

type Authenticator = InstanceType<typeof Passport>;

/** A Passport of its own: the module's shared one would mix the strategies of two applications in one process, as tests have. */
export function passportWith(...strategies: Strategy[]): Authenticator {
  const passport = new Passport();
  for (const strategy of strategies) passport.use(strategy);
  return passport as Authenticator;
}

/** Tries the strategies in this order; what the first one that succeeds found, or null. Errors of a strategy are thrown. */
export function runStrategies<T>(
  passport: Authenticator,
  names: string[],
  request: Request,
  response: Response,
): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const settle = (error: unknown, found: T | false | null | undefined) => (error ? reject(error) : resolve(found || null));
    const middleware = passport.authenticate(names, { session: false }, settle) as (
      request: Request,
      response: Response,
      next: (error?: unknown) => void,
    ) => void;
    middleware(request, response, reject);
  });
}
