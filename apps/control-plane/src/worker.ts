import 'reflect-metadata';
import { readSettings, SettingsError } from '@berth/config/read-settings';
import { JobRunner } from '@berth/jobs/job-runner';
import { createLogger, type Logger, NestLogger } from '@berth/observability/logger';
import { StatusServer } from '@berth/observability/status-server';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { getConnectionToken } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { Gauge } from 'prom-client';
import { migrations } from './migrations/list';
import { DataTooNewError, Migrator } from './migrations/migrator';
import { OperationSweeper } from './operations/operation-sweeper';
import { DatabaseAwayError } from './platform/mongodb';
import { workerModule } from './worker.module';

const sweptWithinMs = 15_000;

/** The worker process: advances operations, runs the jobs of the queue. Any number of them may run. */
async function main(): Promise<void> {
  const settings = readSettings();
  const logger = createLogger('worker', settings.BERTH_LOG_LEVEL);
  const context = await NestFactory.createApplicationContext(workerModule(settings, logger), {
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  const connection = context.get<Connection>(getConnectionToken());
  await new Migrator(connection.getClient().db(connection.name), migrations, logger).waitUntilCurrent();
  const sweeper = context.get(OperationSweeper);
  const runner = context.get(JobRunner);
  const status = new StatusServer('worker');
  status.addCheck('mongodb', () => connection.getClient().db(connection.name).command({ ping: 1 }));
  status.addCheck('sweep', async () => Date.now() - (sweeper.lastSweep?.getTime() ?? 0) < sweptWithinMs);
  status.addReport('redis', async () => runner.ready);
  status.metrics.registerMetric(runningOperations(sweeper));
  await status.listen(settings.BERTH_WORKER_PORT, settings.BERTH_METRICS_HOST);
  sweeper.start();
  runner.start();
  logger.info({ port: settings.BERTH_WORKER_PORT }, 'worker works');
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(context, status, logger, signal));
}

function runningOperations(sweeper: OperationSweeper): Gauge {
  return new Gauge({
    name: 'berth_operations_running',
    help: 'Operations that had not ended at the last sweep.',
    registers: [],
    collect() {
      this.set(sweeper.running);
    },
  });
}

/** The job and the sweep in hand end first. */
async function stop(context: INestApplicationContext, status: StatusServer, logger: Logger, signal: string): Promise<void> {
  logger.info({ signal }, 'worker stops');
  await context.get(JobRunner).close();
  await context.close();
  await status.close();
  process.exit(0);
}

/** Said in one line; everything else with its stack. */
const expected = [SettingsError, DatabaseAwayError, DataTooNewError];

main().catch((error: unknown) => {
  const plain = expected.some((kind) => error instanceof kind);
  process.stderr.write(`${plain ? (error as Error).message : (error as Error).stack}\n`);
  process.exit(1);
});
