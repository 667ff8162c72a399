import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { EnvironmentsModule } from '../environments/environments.module';
import { IdempotencyModule } from '../http/idempotency/idempotency.module';
import { OperationsModule } from '../operations/operations.module';
import { OrgsModule } from '../orgs/orgs.module';
import { PlacementModule } from '../placement/placement.module';
import { RoutingModule } from '../routing/routing.module';
import { AdminAppsController } from './admin-apps.controller';
import { appSchema, slugSchema } from './app.schema';
import { AppOperations } from './app-operations';
import { AppsController } from './apps.controller';
import { AppsRepository } from './apps.repository';
import { DescribeApps } from './describe-apps';
import { FindApp } from './find-app';
import { SlugsRepository } from './slugs.repository';
import { ChangeLifecycle } from './use-cases/change-lifecycle';
import { CreateApp } from './use-cases/create-app';
import { PurgeApp } from './use-cases/purge-app';
import { RenameApp } from './use-cases/rename-app';
import { RepairApps } from './use-cases/repair-apps';
import { ReserveSlug } from './use-cases/reserve-slug';
import { RestoreApp } from './use-cases/restore-app';
import { SettleApp } from './use-cases/settle-app';
import { TrashApp } from './use-cases/trash-app';
import { UndoCreation } from './use-cases/undo-creation';

@Module({
  imports: [
    MongooseModule.forFeature([
      { name: 'App', schema: appSchema },
      { name: 'Slug', schema: slugSchema },
    ]),
    OrgsModule,
    EnvironmentsModule,
    PlacementModule,
    RoutingModule,
    OperationsModule,
    IdempotencyModule,
  ],
  controllers: [AppsController, AdminAppsController],
  providers: [
    AppsRepository,
    SlugsRepository,
    FindApp,
    DescribeApps,
    AppOperations,
    ReserveSlug,
    CreateApp,
    UndoCreation,
    RenameApp,
    ChangeLifecycle,
    TrashApp,
    RestoreApp,
    PurgeApp,
    SettleApp,
    RepairApps,
  ],
  exports: [FindApp, AppsRepository, SettleApp, PurgeApp, RepairApps],
})
export class AppsModule {}
