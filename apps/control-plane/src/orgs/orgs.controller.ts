import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ZodResponse } from 'nestjs-zod';
import { CurrentIdentity, type Identity, RequiresScope } from '../http/identity';
import { OrgList } from './org.dto';
import { ListOrgs } from './use-cases/list-orgs';

@ApiTags('organizations')
@Controller('v1/orgs')
export class OrgsController {
  constructor(private readonly listOrgs: ListOrgs) {}

  @Get()
  @RequiresScope('account:read')
  @ApiOperation({ operationId: 'listOrgs', summary: 'The organizations you are a member of' })
  @ZodResponse({ status: 200, description: 'All of them, on one page.', type: OrgList })
  async list(@CurrentIdentity() identity: Identity) {
    return { items: await this.listOrgs.run(identity), nextCursor: null };
  }
}
