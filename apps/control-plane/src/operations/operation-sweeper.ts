import type { Hint } from '@berth/contracts/hints';
import { errorFields } from '@berth/database/away';
import type { HintBus } from '@berth/jobs/hint-bus';
import type { Logger } from '@berth/observability/logger';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { SystemScope } from '../orgs/system-scope';
import { HINTS, LOGGER } from '../platform/tokens';
import type { OperationRow } from './operation.schema';
import { OperationsRepository } from './operations.repository';
import { AdvanceOperation } from './use-cases/advance-operation';

const scope = SystemScope.for('sweeping operations');
const sweepEveryMs = 1000;
const atOnce = 8;

/** What was hinted at since the last sweep: only operations that it concerns are looked at. */
interface Hinted {
  operations: Set<string>;
  runtimes: Set<string>;
  routes: boolean;
}

/**
 * Advances every operation that runs: at once on hints, and all of them once a second. It needs MongoDB alone, no queue, so operations end
 * while Redis is away.
 */
@Injectable()
export class OperationSweeper implements OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> | undefined;
  private sweepAgain = false;
  private sweepAll = false;
  private hinted = noHints();
  private stopped = false;
  private failing = false;
  private sweptAt: Date | null = null;
  private count = 0;

  constructor(
    private readonly operations: OperationsRepository,
    private readonly advance: AdvanceOperation,
    @Inject(HINTS) private readonly hints: HintBus,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  start(): void {
    this.hints.receive((hint) => this.onHint(hint));
    this.timer = setInterval(() => this.sweepSoon(true), sweepEveryMs);
    this.sweepSoon(true);
  }

  /** When all running operations were last looked at; null before the first time. */
  get lastSweep(): Date | null {
    return this.sweptAt;
  }

  /** How many ran at the last sweep. */
  get running(): number {
    return this.count;
  }

  /** Finishes the sweep in hand. */
  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.sweeping;
  }

  private onHint(hint: Hint): void {
    switch (hint.kind) {
      case 'operation':
        this.hinted.operations.add(hint.id);
        break;
      case 'runtime-observed':
        this.hinted.runtimes.add(hint.id);
        break;
      case 'gateway-applied':
        this.hinted.routes = true;
        break;
      case 'runtime':
      case 'routes':
        return;
    }
    this.sweepSoon(false);
  }

  /** One sweep at a time; however many are asked for meanwhile, one more follows. */
  private sweepSoon(all: boolean): void {
    if (this.stopped) return;
    this.sweepAll ||= all;
    if (this.sweeping) {
      this.sweepAgain = true;
      return;
    }
    this.sweepAgain = false;
    this.sweeping = this.sweep()
      .then(() => this.noteSuccess())
      .catch((error: unknown) => this.noteFailure(error))
      .finally(() => {
        this.sweeping = undefined;
        if (this.sweepAgain) setImmediate(() => this.sweepSoon(false));
      });
  }

  private async sweep(): Promise<void> {
    const { hinted, sweepAll } = this;
    this.hinted = noHints();
    this.sweepAll = false;
    const running = await this.operations.running(scope);
    this.count = running.length;
    const waiting = sweepAll ? running : running.filter((operation) => concerns(hinted, operation));
    const workers = Array.from({ length: Math.min(atOnce, waiting.length) }, async () => {
      for (let next = waiting.shift(); next && !this.stopped; next = waiting.shift()) await this.advanceOne(next);
    });
    await Promise.all(workers);
  }

  /** One operation that cannot be advanced must not keep the others waiting. */
  private async advanceOne(operation: OperationRow): Promise<void> {
    try {
      await this.advance.advance(operation);
    } catch (error) {
      this.logger.warn({ ...errorFields(error), operation: operation._id }, 'an operation could not be advanced');
    }
  }

  private noteSuccess(): void {
    this.sweptAt = new Date();
    if (this.failing) this.logger.info('operations are swept again');
    this.failing = false;
  }

  private noteFailure(error: unknown): void {
    if (!this.failing) this.logger.error(errorFields(error), 'operations cannot be swept; tried again every second');
    this.failing = true;
  }
}

function noHints(): Hinted {
  return { operations: new Set(), runtimes: new Set(), routes: false };
}

function concerns({ operations, runtimes, routes }: Hinted, { _id, runtimeId, steps }: OperationRow): boolean {
  if (operations.has(_id)) return true;
  if (runtimeId === null ? runtimes.size > 0 : runtimes.has(runtimeId)) return true;
  return routes && steps.some(({ name, state }) => (name === 'route' || name === 'unroute') && state === 'running');
}
