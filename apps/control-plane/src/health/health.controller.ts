import { runChecks } from '@berth/observability/status-server';
import { Controller, Get, Res } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import type { Connection } from 'mongoose';
import { Drain } from '../http/drain';
import { Public } from '../http/identity';

/** For the supervisor and load balancers. Live: the process answers. Ready: its parts do, too, and it is not about to stop. */
@ApiExcludeController()
@Public()
@Controller('health')
export class HealthController {
  constructor(
    @InjectConnection() private readonly connection: Connection,
    private readonly drain: Drain,
  ) {}

  @Get('live')
  live() {
    return { status: 'ok' };
  }

  @Get('ready')
  async ready(@Res() response: Response): Promise<void> {
    const parts = await runChecks(new Map([['mongodb', () => this.pingMongodb()]]));
    const ready = !this.drain.draining && Object.values(parts).every((part) => part === 'ok');
    response.status(ready ? 200 : 503).json({ status: ready ? 'ok' : this.drain.draining ? 'stopping' : 'not ready', parts });
  }

  private async pingMongodb(): Promise<void> {
    try {
      await this.connection.db?.command({ ping: 1 });
    } catch {
      // Anybody may ask: not the server's name and port.
      throw new Error('does not answer');
    }
  }
}
