import type { Settings } from '@berth/config/settings';
import type { Logger } from '@berth/observability/logger';
import { Module, type Type } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module';
import { PlatformModule } from '../platform/platform.module';

/** Only what the commands of the machine's shell need. */
export function adminModule(settings: Settings, logger: Logger): Type {
  @Module({ imports: [PlatformModule.forProcess(logger, settings), AccountsModule] })
  class AdminModule {}
  return AdminModule;
}
