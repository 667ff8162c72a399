import { newId } from '@berth/contracts/ids';
import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ZodResponse } from 'nestjs-zod';
import { Idempotency } from '../http/idempotency/idempotency';
import { CurrentIdentity, type Identity, RequiresScope } from '../http/identity';
import { pageStart, toPage } from '../http/pagination';
import { Fails } from '../openapi/fails';
import { toOperation } from '../operations/operation.dto';
import { OrgScopes } from '../orgs/org-scope';
import { AppAnswer, AppList, AppOperation, AppParam, AppsQuery, CreateAppBody, PurgeQuery, RenameAppBody } from './app.dto';
import { AppsRepository } from './apps.repository';
import { DescribeApps } from './describe-apps';
import { FindApp } from './find-app';
import type { ChangedApp } from './use-cases/change-lifecycle';
import { CreateApp, type NewApp } from './use-cases/create-app';
import { PurgeApp } from './use-cases/purge-app';
import { RenameApp } from './use-cases/rename-app';
import { RestoreApp } from './use-cases/restore-app';
import { TrashApp } from './use-cases/trash-app';

@ApiTags('apps')
@Controller('v1/apps')
export class AppsController {
  constructor(
    private readonly scopes: OrgScopes,
    private readonly apps: AppsRepository,
    private readonly findApp: FindApp,
    private readonly describe: DescribeApps,
    private readonly idempotency: Idempotency,
    private readonly createApp: CreateApp,
    private readonly renameApp: RenameApp,
    private readonly trashApp: TrashApp,
    private readonly restoreApp: RestoreApp,
    private readonly purgeApp: PurgeApp,
  ) {}

  @Get()
  @RequiresScope('apps:read')
  @ApiOperation({ operationId: 'listApps', summary: 'Your apps' })
  @ZodResponse({ status: 200, description: 'Newest first; those in the trash with `state=trashed`.', type: AppList })
  async list(@CurrentIdentity() identity: Identity, @Query() query: AppsQuery) {
    const scope = await this.scopes.scopeFor(identity);
    const rows = await this.apps.page(scope, query.state, pageStart(query.cursor), query.limit);
    const page = toPage(rows, query.limit);
    return { items: await this.describe.all(scope, page.rows), nextCursor: page.nextCursor };
  }

  @Post()
  @HttpCode(202)
  @RequiresScope('apps:write')
  @ApiOperation({ operationId: 'createApp', summary: 'Make an app' })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'A repeat with the same key gets the first answer.' })
  @ZodResponse({ status: 202, description: 'Follow the operation; the app serves when it has succeeded.', type: AppOperation })
  @Fails(
    'SLUG_INVALID',
    'SLUG_TAKEN',
    'APPLICATION_ID_TAKEN',
    'APP_CAP_REACHED',
    'NODE_UNAVAILABLE',
    'ORG_NOT_FOUND',
    'ROLE_INSUFFICIENT',
    'IDEMPOTENCY_KEY_REUSED',
    'IDEMPOTENCY_IN_PROGRESS',
    'OPERATION_INTERRUPTED',
  )
  async create(
    @CurrentIdentity() identity: Identity,
    @Body() body: CreateAppBody,
    @Headers('idempotency-key') key: string | undefined,
  ) {
    const ids = {
      operationId: newId('operation'),
      appId: newId('app'),
      environmentId: newId('environment'),
      runtimeId: newId('runtime'),
    };
    return this.idempotency.once(identity, key, { operation: 'createApp', body }, ids, async (reserved) =>
      this.answer(await this.createApp.run(identity, newApp(body), reserved)),
    );
  }

  @Get(':app')
  @RequiresScope('apps:read')
  @ApiOperation({ operationId: 'getApp', summary: 'One app, by id or slug' })
  @ZodResponse({ status: 200, description: 'The app with its environments.', type: AppAnswer })
  @Fails('APP_NOT_FOUND')
  async get(@CurrentIdentity() identity: Identity, @Param() { app: reference }: AppParam) {
    const { scope, app } = await this.findApp.run(identity, reference, 'viewer');
    return this.describe.one(scope, app);
  }

  @Patch(':app')
  @RequiresScope('apps:write')
  @ApiOperation({ operationId: 'renameApp', summary: 'Give an app another name or address; the old address keeps working' })
  @ZodResponse({ status: 200, description: 'The app as it is now.', type: AppAnswer })
  @Fails(
    'APP_NOT_FOUND',
    'ROLE_INSUFFICIENT',
    'SLUG_INVALID',
    'SLUG_TAKEN',
    'APP_BUSY',
    'APP_IN_TRASH',
    'APP_DELETING',
    'APP_NOT_MADE',
  )
  async rename(@CurrentIdentity() identity: Identity, @Param() { app: reference }: AppParam, @Body() body: RenameAppBody) {
    const app = await this.renameApp.run(identity, reference, body);
    return this.describe.one(await this.scopes.scopeFor(identity), app);
  }

  @Delete(':app')
  @HttpCode(202)
  @RequiresScope('apps:write')
  @ApiOperation({ operationId: 'deleteApp', summary: 'Put an app into the trash' })
  @ZodResponse({ status: 202, description: 'It can be restored until `purgeAt`.', type: AppOperation })
  @Fails('APP_NOT_FOUND', 'ROLE_INSUFFICIENT', 'APP_BUSY', 'APP_IN_TRASH', 'APP_DELETING')
  async trash(@CurrentIdentity() identity: Identity, @Param() { app: reference }: AppParam) {
    return this.answer(await this.trashApp.run(identity, reference));
  }

  @Post(':app/restore')
  @HttpCode(202)
  @RequiresScope('apps:write')
  @ApiOperation({ operationId: 'restoreApp', summary: 'Take an app out of the trash' })
  @ZodResponse({ status: 202, description: 'It serves again when the operation has succeeded.', type: AppOperation })
  @Fails('APP_NOT_FOUND', 'ROLE_INSUFFICIENT', 'APP_BUSY', 'APP_NOT_IN_TRASH', 'APP_DELETING', 'APP_NOT_MADE')
  async restore(@CurrentIdentity() identity: Identity, @Param() { app: reference }: AppParam) {
    return this.answer(await this.restoreApp.run(identity, reference));
  }

  @Delete(':app/purge')
  @HttpCode(202)
  @RequiresScope('apps:write')
  @ApiOperation({ operationId: 'purgeApp', summary: 'Remove an app in the trash for good, data and all' })
  @ZodResponse({ status: 202, description: 'Nothing brings it back.', type: AppOperation })
  @Fails('APP_NOT_FOUND', 'ROLE_INSUFFICIENT', 'APP_BUSY', 'APP_NOT_IN_TRASH', 'APP_DELETING', 'APP_NOT_MADE')
  async purge(@CurrentIdentity() identity: Identity, @Param() { app: reference }: AppParam, @Query() { confirm }: PurgeQuery) {
    return this.answer(await this.purgeApp.run(identity, reference, confirm));
  }

  private async answer({ scope, app, operation }: ChangedApp) {
    return { app: await this.describe.one(scope, app), operation: toOperation(operation) };
  }
}

function newApp({ name, slug, orgId, identity, mountPath }: CreateAppBody): NewApp {
  return {
    name,
    mountPath,
    ...(slug === undefined ? {} : { slug }),
    ...(orgId === undefined ? {} : { orgId }),
    ...(identity ? { identity: { applicationId: identity.applicationId, keys: givenKeys(identity) } } : {}),
  };
}

function givenKeys(identity: NonNullable<CreateAppBody['identity']>) {
  const { javascriptKey, restApiKey, clientKey, masterKey, readOnlyMasterKey } = identity;
  const given = {
    javascript: javascriptKey,
    rest: restApiKey,
    client: clientKey,
    master: masterKey,
    readOnlyMaster: readOnlyMasterKey,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
