import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { Idempotency } from './idempotency';
import { IdempotencyRepository } from './idempotency.repository';
import { idempotencySchema } from './idempotency.schema';

@Module({
  imports: [MongooseModule.forFeature([{ name: 'Idempotency', schema: idempotencySchema }])],
  providers: [IdempotencyRepository, Idempotency],
  exports: [Idempotency],
})
export class IdempotencyModule {}
