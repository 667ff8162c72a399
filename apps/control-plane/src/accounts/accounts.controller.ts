import type { Settings } from '@berth/config/settings';
import { version } from '@berth/config/version';
import { Body, Controller, Get, HttpCode, Inject, Patch, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ZodResponse } from 'nestjs-zod';
import { clientAddress } from '../http/client-address';
import { AnyScope, CurrentIdentity, type Identity, Public, RequiresScope } from '../http/identity';
import { requireOwnOrigin } from '../http/origin';
import { SETTINGS } from '../platform/tokens';
import { AccountAnswer, ChangePasswordBody, SetupAnswer, SignUpBody, toAccount, UpdateAccountBody } from './account.dto';
import { AccountsRepository } from './accounts.repository';
import { SessionKeeper } from './authentication/session-keeper';
import { ChangePassword } from './use-cases/change-password';
import { GetAccount } from './use-cases/get-account';
import { SignUp } from './use-cases/sign-up';

@ApiTags('accounts')
@Controller('v1')
export class AccountsController {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly accounts: AccountsRepository,
    private readonly sessions: SessionKeeper,
    private readonly signUp: SignUp,
    private readonly getAccount: GetAccount,
    private readonly changePassword: ChangePassword,
  ) {}

  @Get('setup')
  @Public()
  @ApiOperation({ operationId: 'getSetup', summary: 'What a sign-up needs here' })
  @ZodResponse({
    status: 200,
    description: 'Whether the first account is still to be made, and who may make others.',
    type: SetupAnswer,
  })
  async setup() {
    return { needsSetup: !(await this.accounts.hasFirst()), signUp: this.settings.BERTH_SIGN_UP, version };
  }

  @Post('accounts')
  @Public()
  @ApiOperation({ operationId: 'signUp', summary: 'Sign up; signs in as well' })
  @ZodResponse({ status: 201, description: 'The account, and a session in the cookie.', type: AccountAnswer })
  async create(@Body() body: SignUpBody, @Req() request: Request, @Res({ passthrough: true }) response: Response) {
    requireOwnOrigin(request, this.settings, { mayLack: true });
    const account = await this.signUp.run({ ...body, address: clientAddress(request) });
    await this.sessions.open(account._id, request, response);
    return { account: toAccount(account) };
  }

  @Get('account')
  @AnyScope()
  @ApiOperation({ operationId: 'getAccount', summary: 'Who you are' })
  @ZodResponse({ status: 200, description: 'Your account.', type: AccountAnswer })
  async get(@CurrentIdentity() identity: Identity) {
    return { account: toAccount(await this.getAccount.run(identity)) };
  }

  @Patch('account')
  @RequiresScope('account:write')
  @ApiOperation({ operationId: 'updateAccount', summary: 'Change your name' })
  @ZodResponse({ status: 200, description: 'Your account as it is now.', type: AccountAnswer })
  async update(@CurrentIdentity() identity: Identity, @Body() body: UpdateAccountBody) {
    await this.accounts.rename(identity.accountId, body.name);
    return { account: toAccount(await this.getAccount.run(identity)) };
  }

  @Post('account/password')
  @HttpCode(204)
  @RequiresScope('account:write')
  @ApiOperation({ operationId: 'changePassword', summary: 'Change your password; ends all other sessions' })
  async password(@CurrentIdentity() identity: Identity, @Body() body: ChangePasswordBody, @Req() request: Request) {
    await this.changePassword.run(identity, { ...body, address: clientAddress(request) });
  }
}
