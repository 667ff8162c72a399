import { BerthError } from '@berth/errors/berth-error';
import { Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ZodResponse } from 'nestjs-zod';
import { AnyScope, CurrentIdentity, type Identity, Public, RequiresScope } from '../http/identity';
import { pageStart, toPage } from '../http/pagination';
import { IdParam, PageQuery } from '../http/params';
import { AccountAnswer, toAccount } from './account.dto';
import type { AccountDocument } from './account.schema';
import { SessionKeeper } from './authentication/session-keeper';
import { SignedInAccount, SignInGuard } from './authentication/sign-in.guard';
import { SessionList, SignInBody, signInBody, toSession } from './session.dto';
import { SessionsRepository } from './sessions.repository';

@ApiTags('sessions')
@Controller('v1/sessions')
export class SessionsController {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly keeper: SessionKeeper,
  ) {}

  @Post()
  @Public()
  @UseGuards(SignInGuard(signInBody))
  @ApiOperation({ operationId: 'signIn', summary: 'Sign in to the console' })
  @ApiBody({ type: SignInBody })
  @ZodResponse({ status: 201, description: 'The account, and a session in the cookie.', type: AccountAnswer })
  async create(
    @SignedInAccount() account: AccountDocument,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ) {
    await this.keeper.open(account._id, request, response);
    return { account: toAccount(account) };
  }

  @Get()
  @RequiresScope('account:read')
  @ApiOperation({ operationId: 'listSessions', summary: 'Where you are signed in' })
  @ZodResponse({ status: 200, description: 'Your sessions, newest first.', type: SessionList })
  async list(@CurrentIdentity() identity: Identity, @Query() query: PageQuery) {
    const rows = await this.sessions.ofAccount(identity.accountId, pageStart(query.cursor), query.limit + 1, new Date());
    const page = toPage(rows, query.limit);
    return { items: page.rows.map((row) => toSession(row, identity)), nextCursor: page.nextCursor };
  }

  @Delete('current')
  @HttpCode(204)
  @AnyScope()
  @ApiOperation({ operationId: 'signOut', summary: 'Sign out here' })
  async signOut(@CurrentIdentity() identity: Identity, @Res({ passthrough: true }) response: Response) {
    if (identity.via.kind !== 'session') throw new BerthError('SESSION_NOT_FOUND');
    await this.sessions.delete(identity.accountId, identity.via.sessionId);
    this.keeper.close(response);
  }

  @Delete(':id')
  @HttpCode(204)
  @RequiresScope('account:write')
  @ApiOperation({ operationId: 'revokeSession', summary: 'End one of your sessions' })
  async revoke(@CurrentIdentity() identity: Identity, @Param() { id }: IdParam) {
    if (!(await this.sessions.delete(identity.accountId, id))) throw new BerthError('SESSION_NOT_FOUND');
  }

  @Delete()
  @HttpCode(204)
  @RequiresScope('account:write')
  @ApiOperation({ operationId: 'revokeOtherSessions', summary: 'End all your sessions but this one' })
  async revokeOthers(@CurrentIdentity() identity: Identity) {
    await this.sessions.deleteOthers(identity.accountId, identity.via.kind === 'session' ? identity.via.sessionId : null);
  }
}
