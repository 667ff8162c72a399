import { BerthError } from '@berth/errors/berth-error';
import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { HttpMetrics } from '../http/http-metrics';
import { Public } from '../http/identity';

const loopback = /^(127\.|::1$|::ffff:127\.)/;

/** For Prometheus on this machine. Through a proxy, or from elsewhere, there is nothing here. */
@ApiExcludeController()
@Public()
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: HttpMetrics) {}

  @Get()
  async get(@Req() request: Request, @Res() response: Response): Promise<void> {
    const direct = loopback.test(request.socket.remoteAddress ?? '') && request.get('x-forwarded-for') === undefined;
    if (!direct) throw new BerthError('ENDPOINT_NOT_FOUND', { method: 'GET', path: '/metrics' });
    response.setHeader('Content-Type', this.metrics.registry.contentType);
    response.end(await this.metrics.registry.metrics());
  }
}
