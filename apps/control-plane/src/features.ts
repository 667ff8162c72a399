import type { Type } from '@nestjs/common';
import { AccountsModule } from './accounts/accounts.module';
import { AppsModule } from './apps/apps.module';
import { KeysModule } from './environments/keys.module';
import { HealthModule } from './health/health.module';
import { OperationsModule } from './operations/operations.module';
import { OrgsModule } from './orgs/orgs.module';
import { SettingsModule } from './platform/settings.controller';

/** The features that API and worker share. Each is one folder. */
export const features: Type[] = [OrgsModule, AccountsModule, AppsModule, KeysModule, OperationsModule];

/** What only the API process serves. */
export const apiOnly: Type[] = [HealthModule, SettingsModule];
