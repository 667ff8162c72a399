import { BerthError } from '@berth/errors/berth-error';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ZodResponse } from 'nestjs-zod';
import { AnyScope, CurrentIdentity, type Identity, Public, RequiresScope } from '../http/identity';
import { pageStart, toPage } from '../http/pagination';
import { IdParam, PageQuery } from '../http/params';
import {
  CreatedToken,
  CreateTokenBody,
  TokenList,
  TokenSignInAnswer,
  TokenSignInBody,
  toAccessToken,
  tokenSignInBody,
} from './access-token.dto';
import { AccessTokensRepository } from './access-tokens.repository';
import { toAccount } from './account.dto';
import type { AccountDocument } from './account.schema';
import { SignedInAccount, SignInGuard } from './authentication/sign-in.guard';
import { CreateAccessToken } from './use-cases/create-access-token';

@ApiTags('access tokens')
@Controller('v1/tokens')
export class AccessTokensController {
  constructor(
    private readonly tokens: AccessTokensRepository,
    private readonly createToken: CreateAccessToken,
  ) {}

  @Get()
  @RequiresScope('account:read')
  @ApiOperation({ operationId: 'listTokens', summary: 'Your access tokens' })
  @ZodResponse({ status: 200, description: 'Newest first; ended ones stay for 30 days.', type: TokenList })
  async list(@CurrentIdentity() identity: Identity, @Query() query: PageQuery) {
    const rows = await this.tokens.ofAccount(identity.accountId, pageStart(query.cursor), query.limit + 1);
    const page = toPage(rows, query.limit);
    return { items: page.rows.map(toAccessToken), nextCursor: page.nextCursor };
  }

  @Post()
  @RequiresScope('account:write')
  @ApiOperation({ operationId: 'createToken', summary: 'Make an access token' })
  @ZodResponse({ status: 201, description: 'The token and, this once, its secret.', type: CreatedToken })
  async create(@CurrentIdentity() identity: Identity, @Body() body: CreateTokenBody) {
    const { token, secret } = await this.createToken.run(identity, body);
    return { token: toAccessToken(token), secret };
  }

  @Post('sign-in')
  @Public()
  @UseGuards(SignInGuard(tokenSignInBody))
  @ApiOperation({ operationId: 'signInForToken', summary: 'Sign in for an access token, as `berth login` does' })
  @ZodResponse({ status: 201, description: 'The token, its secret this once, and the account.', type: TokenSignInAnswer })
  async signIn(@SignedInAccount() account: AccountDocument, @Body() body: TokenSignInBody) {
    const { token, secret } = await this.createToken.forSignIn(account, body);
    return { token: toAccessToken(token), secret, account: toAccount(account) };
  }

  @Delete('current')
  @HttpCode(204)
  @AnyScope()
  @ApiOperation({ operationId: 'revokeCurrentToken', summary: 'Revoke the token of this request, as `berth logout` does' })
  async revokeCurrent(@CurrentIdentity() identity: Identity) {
    if (identity.via.kind !== 'token') throw new BerthError('TOKEN_NOT_FOUND');
    await this.tokens.delete(identity.accountId, identity.via.tokenId);
  }

  @Delete(':id')
  @HttpCode(204)
  @RequiresScope('account:write')
  @ApiOperation({ operationId: 'revokeToken', summary: 'Revoke an access token' })
  async revoke(@CurrentIdentity() identity: Identity, @Param() { id }: IdParam) {
    if (!(await this.tokens.delete(identity.accountId, id))) throw new BerthError('TOKEN_NOT_FOUND');
  }
}
