import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { MembershipsRepository } from './memberships.repository';
import { membershipSchema, orgSchema } from './org.schema';
import { OrgScopes } from './org-scope';
import { OrgsController } from './orgs.controller';
import { OrgsRepository } from './orgs.repository';
import { EnsurePersonalOrg } from './use-cases/ensure-personal-org';
import { ListOrgs } from './use-cases/list-orgs';

@Module({
  imports: [
    MongooseModule.forFeature([
      { name: 'Org', schema: orgSchema },
      { name: 'Membership', schema: membershipSchema },
    ]),
  ],
  controllers: [OrgsController],
  providers: [OrgsRepository, MembershipsRepository, OrgScopes, EnsurePersonalOrg, ListOrgs],
  exports: [OrgScopes, EnsurePersonalOrg],
})
export class OrgsModule {}
