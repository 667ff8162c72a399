import { BerthError } from '@berth/errors/berth-error';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ZodResponse } from 'nestjs-zod';
import { CurrentIdentity, type Identity, OperatorOnly } from '../http/identity';
import { pageStart, toPage } from '../http/pagination';
import { IdParam, PageQuery } from '../http/params';
import { CreatedInvitation, CreateInvitationBody, InvitationList, toInvitation } from './invitation.dto';
import { InvitationsRepository } from './invitations.repository';
import { CreateInvitation } from './use-cases/create-invitation';

@ApiTags('invitations')
@OperatorOnly()
@Controller('v1/invitations')
export class InvitationsController {
  constructor(
    private readonly invitations: InvitationsRepository,
    private readonly createInvitation: CreateInvitation,
  ) {}

  @Post()
  @ApiOperation({ operationId: 'createInvitation', summary: 'Invite somebody to sign up (operator)' })
  @ZodResponse({ status: 201, description: 'The invitation and, this once, its secret and link.', type: CreatedInvitation })
  async create(@CurrentIdentity() identity: Identity, @Body() body: CreateInvitationBody) {
    const { invitation, secret, url } = await this.createInvitation.run(identity, body);
    return { invitation: toInvitation(invitation), secret, url };
  }

  @Get()
  @ApiOperation({ operationId: 'listInvitations', summary: 'All invitations (operator)' })
  @ZodResponse({ status: 200, description: 'Newest first.', type: InvitationList })
  async list(@Query() query: PageQuery) {
    const page = toPage(await this.invitations.page(pageStart(query.cursor), query.limit + 1), query.limit);
    return { items: page.rows.map(toInvitation), nextCursor: page.nextCursor };
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ operationId: 'deleteInvitation', summary: 'Take an invitation back (operator)' })
  async delete(@Param() { id }: IdParam) {
    if (!(await this.invitations.delete(id))) throw new BerthError('INVITATION_NOT_FOUND');
  }
}
