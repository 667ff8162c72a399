import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { environmentSchema } from './environment.schema';
import { EnvironmentKeysSeal } from './environment-keys';
import { EnvironmentsRepository } from './environments.repository';

/** The records of environments. What is done with their keys is in `keys.module.ts`, which needs apps and operations. */
@Module({
  imports: [MongooseModule.forFeature([{ name: 'Environment', schema: environmentSchema }])],
  providers: [EnvironmentsRepository, EnvironmentKeysSeal],
  exports: [EnvironmentsRepository, EnvironmentKeysSeal],
})
export class EnvironmentsModule {}
