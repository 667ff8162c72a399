import { Controller, Get, Headers, Param, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ZodResponse } from 'nestjs-zod';
import { CurrentIdentity, type Identity, RequiresScope } from '../http/identity';
import { IdParam } from '../http/params';
import { Fails } from '../openapi/fails';
import { OperationAnswer, toOperation } from './operation.dto';
import { OperationStreams } from './operation-streams';
import { AdvanceOperation } from './use-cases/advance-operation';
import { GetOperation } from './use-cases/get-operation';

@ApiTags('operations')
@Controller('v1/operations')
export class OperationsController {
  constructor(
    private readonly getOperation: GetOperation,
    private readonly advance: AdvanceOperation,
    private readonly streams: OperationStreams,
  ) {}

  @Get(':id')
  @RequiresScope('apps:read')
  @ApiOperation({ operationId: 'getOperation', summary: 'How far an operation is' })
  @ZodResponse({ status: 200, description: 'Its steps, with their times.', type: OperationAnswer })
  @Fails('OPERATION_NOT_FOUND')
  async get(@CurrentIdentity() identity: Identity, @Param() { id }: IdParam) {
    const operation = await this.getOperation.run(identity, id);
    // Whoever polls is not to wait for the worker's next look.
    const current = operation.state === 'running' ? await this.advance.advance(operation) : operation;
    return toOperation(current ?? operation);
  }

  @Get(':id/events')
  @RequiresScope('apps:read')
  @ApiOperation({ operationId: 'streamOperation', summary: 'An operation’s changes as they come' })
  @ApiProduces('text/event-stream')
  @ApiResponse({
    status: 200,
    description: 'Event `operation` with the whole operation, at first and at each change; ends after the last.',
  })
  @ApiResponse({ status: 204, description: 'A client that comes back after the last event: there is nothing more.' })
  @Fails('OPERATION_NOT_FOUND')
  async events(
    @CurrentIdentity() identity: Identity,
    @Param() { id }: IdParam,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const operation = await this.getOperation.run(identity, id);
    this.streams.open(operation, lastEventId, request, response);
  }
}
