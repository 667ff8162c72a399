import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ZodResponse } from 'nestjs-zod';
import { OperatorOnly } from '../http/identity';
import { Fails } from '../openapi/fails';
import { NodeList, toNode } from './node.dto';
import { RuntimesRepository } from './runtimes.repository';

@ApiTags('operator')
@Controller('v1/admin/nodes')
export class NodesController {
  constructor(private readonly runtimes: RuntimesRepository) {}

  @Get()
  @OperatorOnly()
  @ApiOperation({ operationId: 'listNodes', summary: 'The machines that run apps' })
  @ZodResponse({ status: 200, description: 'All of them, on one page.', type: NodeList })
  @Fails('OPERATOR_ONLY')
  async list() {
    const now = new Date();
    const loads = await this.runtimes.nodeLoads();
    return { items: loads.map((load) => toNode(load, now)), nextCursor: null };
  }
}
