import { Global, Module } from '@nestjs/common';
import { Drain } from './drain';
import { HttpMetrics } from './http-metrics';

/** What one HTTP server has once. */
@Global()
@Module({
  providers: [
    { provide: HttpMetrics, useFactory: () => new HttpMetrics('api') },
    { provide: Drain, useFactory: () => new Drain() },
  ],
  exports: [HttpMetrics, Drain],
})
export class HttpModule {}
