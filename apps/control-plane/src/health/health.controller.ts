import { runChecks } from '@berth/observability/status-server';
import { Controller, Get, Res } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import type { Connection } from 'mongoose';
import { Public } from '../http/identity';

/** For the supervisor and load balancers. Live: the process answers. Ready: its parts do, too. */
@ApiExcludeController()
@Public()
@Controller('health')
export class HealthController {
  constructor(@InjectConnection() private readonly connection: Connection) {}

  @Get('live')
  live() {
    return { status: 'ok' };
  }

  @Get('ready')
  async ready(@Res() response: Response): Promise<void> {
    const parts = await runChecks(new Map([['mongodb', () => this.pingMongodb()]]));
    const ready = Object.values(parts).every((part) => part === 'ok');
    response.status(ready ? 200 : 503).json({ status: ready ? 'ok' : 'not ready', parts });
  }

  private async pingMongodb(): Promise<void> {
    const database = this.connection.db;
    if (!database) throw new Error('not connected yet');
    await database.command({ ping: 1 });
  }
}
