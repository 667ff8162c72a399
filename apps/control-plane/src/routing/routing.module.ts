import { Module } from '@nestjs/common';
import { RoutesRepository } from './routes.repository';

@Module({ providers: [RoutesRepository], exports: [RoutesRepository] })
export class RoutingModule {}
