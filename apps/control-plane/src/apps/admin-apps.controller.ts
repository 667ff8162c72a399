import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ZodResponse } from 'nestjs-zod';
import { OperatorOnly } from '../http/identity';
import { pageStart, toPage } from '../http/pagination';
import { Fails } from '../openapi/fails';
import { SystemScope } from '../orgs/system-scope';
import { AppList, AppsQuery } from './app.dto';
import { AppsRepository } from './apps.repository';
import { DescribeApps } from './describe-apps';

const everywhere = SystemScope.for("the operator's list of apps");

@ApiTags('operator')
@Controller('v1/admin/apps')
export class AdminAppsController {
  constructor(
    private readonly apps: AppsRepository,
    private readonly describe: DescribeApps,
  ) {}

  @Get()
  @OperatorOnly()
  @ApiOperation({ operationId: 'listAllApps', summary: 'The apps of all organizations' })
  @ZodResponse({ status: 200, description: 'Newest first, without their keys.', type: AppList })
  @Fails('OPERATOR_ONLY')
  async list(@Query() query: AppsQuery) {
    const rows = await this.apps.page(everywhere, query.state, pageStart(query.cursor), query.limit);
    const page = toPage(rows, query.limit);
    return { items: await this.describe.all(everywhere, page.rows), nextCursor: page.nextCursor };
  }
}
