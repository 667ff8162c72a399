import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { EnvironmentsModule } from '../environments/environments.module';
import { OrgsModule } from '../orgs/orgs.module';
import { PlacementModule } from '../placement/placement.module';
import { RoutingModule } from '../routing/routing.module';
import { BeginOperation } from './begin-operation';
import { GatherFacts } from './gather-facts';
import { operationSchema } from './operation.schema';
import { OperationHandlers } from './operation-handlers';
import { OperationStreams } from './operation-streams';
import { OperationsController } from './operations.controller';
import { OperationsRepository } from './operations.repository';
import { AdvanceOperation } from './use-cases/advance-operation';
import { GetOperation } from './use-cases/get-operation';

@Module({
  imports: [
    MongooseModule.forFeature([{ name: 'Operation', schema: operationSchema }]),
    OrgsModule,
    EnvironmentsModule,
    PlacementModule,
    RoutingModule,
  ],
  controllers: [OperationsController],
  providers: [
    OperationsRepository,
    OperationHandlers,
    GatherFacts,
    BeginOperation,
    AdvanceOperation,
    GetOperation,
    OperationStreams,
  ],
  exports: [OperationsRepository, OperationHandlers, BeginOperation, AdvanceOperation],
})
export class OperationsModule {}
