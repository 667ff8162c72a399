import { Module } from '@nestjs/common';
import { AppsModule } from '../apps/apps.module';
import { OperationsModule } from '../operations/operations.module';
import { EnvironmentsModule } from './environments.module';
import { FindEnvironment } from './find-environment';
import { KeysController } from './keys.controller';
import { ExpireKeys } from './use-cases/expire-keys';
import { RevealKeys } from './use-cases/reveal-keys';
import { RotateKey } from './use-cases/rotate-key';

@Module({
  imports: [AppsModule, EnvironmentsModule, OperationsModule],
  controllers: [KeysController],
  providers: [FindEnvironment, RevealKeys, RotateKey, ExpireKeys],
  exports: [ExpireKeys],
})
export class KeysModule {}
