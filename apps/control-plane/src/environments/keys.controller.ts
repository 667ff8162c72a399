import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ZodResponse } from 'nestjs-zod';
import { CurrentIdentity, type Identity, RequiresScope } from '../http/identity';
import { Fails } from '../openapi/fails';
import { toOperation } from '../operations/operation.dto';
import { EnvironmentParam, KeyParam, KeysAnswer, RotatedKey, RotateKeyBody } from './keys.dto';
import { RevealKeys } from './use-cases/reveal-keys';
import { RotateKey } from './use-cases/rotate-key';

@ApiTags('keys')
@Controller('v1/apps/:app/environments/:env/keys')
export class KeysController {
  constructor(
    private readonly revealKeys: RevealKeys,
    private readonly rotateKey: RotateKey,
  ) {}

  @Get()
  @RequiresScope('keys:read')
  @ApiOperation({ operationId: 'getKeys', summary: 'The application id and keys of an environment' })
  @ZodResponse({ status: 200, description: 'Who asked, and when, is noted.', type: KeysAnswer })
  @Fails('APP_NOT_FOUND', 'ENVIRONMENT_NOT_FOUND', 'ROLE_INSUFFICIENT')
  async get(@CurrentIdentity() identity: Identity, @Param() { app, env }: EnvironmentParam) {
    const { applicationId, keys, previous } = await this.revealKeys.run(identity, app, env);
    return {
      applicationId,
      javascriptKey: keys.javascript.current,
      restApiKey: keys.rest.current,
      clientKey: keys.client.current,
      masterKey: keys.master.current,
      readOnlyMasterKey: keys.readOnlyMaster.current,
      previous,
    };
  }

  @Post(':kind/rotate')
  @HttpCode(200)
  @RequiresScope('apps:write')
  @ApiOperation({ operationId: 'rotateKey', summary: 'Replace one key; the old one stays valid for as long as you say' })
  @ZodResponse({ status: 200, description: 'The new value serves when the operation has succeeded.', type: RotatedKey })
  @Fails(
    'APP_NOT_FOUND',
    'ENVIRONMENT_NOT_FOUND',
    'ROLE_INSUFFICIENT',
    'APP_BUSY',
    'APP_IN_TRASH',
    'APP_DELETING',
    'APP_NOT_MADE',
  )
  async rotate(@CurrentIdentity() identity: Identity, @Param() { app, env, kind }: KeyParam, @Body() body: RotateKeyBody) {
    const { value, oldValidUntil, operation } = await this.rotateKey.run(identity, app, env, kind, body.oldValidHours);
    return { kind, value, oldValidUntil: oldValidUntil?.toISOString() ?? null, operation: toOperation(operation) };
  }
}
