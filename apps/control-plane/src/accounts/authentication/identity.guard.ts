import type { Settings } from '@berth/config/settings';
import { BerthError } from '@berth/errors/berth-error';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Response } from 'express';
import { type Access, accessKey, type IdentifiedRequest, type Identity } from '../../http/identity';
import { SETTINGS } from '../../platform/tokens';
import { AccountsRepository } from '../accounts.repository';
import { AccessTokenReader } from './access-token-reader';
import { AccessTokenStrategy, SessionStrategy } from './identity.strategies';
import { passportWith, runStrategies } from './passport';
import { SessionKeeper } from './session-keeper';

/**
 * Stands before every endpoint: who calls, and may they. An endpoint that does not say who may call it is refused, so that forgetting a
 * decorator shuts a door instead of opening one.
 */
@Injectable()
export class IdentityGuard implements CanActivate {
  private readonly passport;

  constructor(
    private readonly reflector: Reflector,
    @Inject(SETTINGS) settings: Settings,
    tokens: AccessTokenReader,
    sessions: SessionKeeper,
    accounts: AccountsRepository,
  ) {
    this.passport = passportWith(new AccessTokenStrategy(tokens, accounts), new SessionStrategy(settings, sessions, accounts));
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride<Access | undefined>(accessKey, [context.getHandler(), context.getClass()]);
    if (!access) throw new Error(`${context.getClass().name}.${context.getHandler().name} does not say who may call it`);
    if (access.kind === 'public') return true;
    const http = context.switchToHttp();
    const request = http.getRequest<IdentifiedRequest>();
    const identity = await runStrategies<Identity>(
      this.passport,
      ['access-token', 'session'],
      request,
      http.getResponse<Response>(),
    );
    if (!identity) throw new BerthError('SIGN_IN_REQUIRED');
    admit(identity, access);
    request.identity = identity;
    return true;
  }
}

function admit(identity: Identity, access: Exclude<Access, { kind: 'public' }>): void {
  if (access.kind === 'any') return;
  if (access.operator && !identity.operator) throw new BerthError('OPERATOR_ONLY');
  if (!identity.scopes.has(access.scope)) throw new BerthError('TOKEN_SCOPE_MISSING', { scope: access.scope });
}
