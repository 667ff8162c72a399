import type { Settings } from '@berth/config/settings';
import { BerthError } from '@berth/errors/berth-error';
import { type CanActivate, createParamDecorator, type ExecutionContext, Inject, mixin, type Type } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ZodValidationException } from 'nestjs-zod';
import { Strategy as LocalStrategy } from 'passport-local';
import type { z } from 'zod';
import { clientAddress } from '../../http/client-address';
import { requireOwnOrigin } from '../../http/origin';
import { SETTINGS } from '../../platform/tokens';
import type { AccountDocument } from '../account.schema';
import { CheckCredentials } from '../use-cases/check-credentials';
import { passportWith, runStrategies } from './passport';

interface SigningIn extends Request {
  account?: AccountDocument;
}

/** The account whose password was just proved, behind `SignInGuard`. */
export const SignedInAccount = createParamDecorator((_: unknown, context: ExecutionContext): AccountDocument => {
  const account = context.switchToHttp().getRequest<SigningIn>().account;
  if (!account) throw new Error('SignedInAccount is used without SignInGuard');
  return account;
});

/** Proves mail address and password of a body of this form with passport-local. Guards run before pipes, so it validates the body itself. */
export function SignInGuard(body: z.ZodType<{ email: string; password: string }>): Type<CanActivate> {
  class PasswordGuard implements CanActivate {
    private readonly passport;

    constructor(
      @Inject(SETTINGS) private readonly settings: Settings,
      @Inject(CheckCredentials) credentials: CheckCredentials,
    ) {
      const options = { usernameField: 'email', passReqToCallback: true, session: false } as const;
      this.passport = passportWith(
        new LocalStrategy(options, (request, email, password, done) => {
          credentials.run(email, password, clientAddress(request)).then((account) => done(null, account), done);
        }),
      );
    }

    async canActivate(context: ExecutionContext): Promise<boolean> {
      const http = context.switchToHttp();
      const request = http.getRequest<SigningIn>();
      requireOwnOrigin(request, this.settings, { mayLack: true });
      const parsed = body.safeParse(request.body);
      if (!parsed.success) throw new ZodValidationException(parsed.error);
      request.body = parsed.data;
      const account = await runStrategies<AccountDocument>(this.passport, ['local'], request, http.getResponse<Response>());
      if (!account) throw new BerthError('CREDENTIALS_WRONG');
      request.account = account;
      return true;
    }
  }
  return mixin(PasswordGuard);
}
