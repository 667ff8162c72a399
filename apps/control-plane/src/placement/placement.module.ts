import { Module } from '@nestjs/common';
import { NodesController } from './nodes.controller';
import { PlaceRuntime } from './place-runtime';
import { RuntimeConfigSeal } from './runtime-config-seal';
import { RuntimesRepository } from './runtimes.repository';

@Module({
  controllers: [NodesController],
  providers: [RuntimesRepository, PlaceRuntime, RuntimeConfigSeal],
  exports: [RuntimesRepository, PlaceRuntime, RuntimeConfigSeal],
})
export class PlacementModule {}
