import { Module } from '@nestjs/common';
import { PlaceRuntime } from './place-runtime';
import { RuntimeConfigSeal } from './runtime-config-seal';
import { RuntimesRepository } from './runtimes.repository';

@Module({
  providers: [RuntimesRepository, PlaceRuntime, RuntimeConfigSeal],
  exports: [RuntimesRepository, PlaceRuntime, RuntimeConfigSeal],
})
export class PlacementModule {}
