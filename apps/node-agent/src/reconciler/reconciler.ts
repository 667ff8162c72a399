import type { Reason, RuntimeDocument, RuntimeObservation } from '@berth/contracts/documents/runtime';
import { isDatabaseAway } from '@berth/database/away';
import { DriverError, Fatal, Temporary } from '@berth/drivers/port/driver-errors';
import type { HintBus } from '@berth/jobs/hint-bus';
import type { Logger } from '@berth/observability/logger';
import type { AgentMetrics } from '../metrics/agent-metrics';
import { Superseded } from '../runtimes/boot-runtime';
import type { RouteAddresses } from '../runtimes/route-addresses';
import type { RuntimeRecords } from '../runtimes/runtime-records';
import { backOffMs, restartPauseMs } from './back-off';
import { type Action, decide, type Facts, reasonOf, serves } from './decide';
import { KeyedRunner } from './keyed-runner';
import { afterEnd, entering, failing, settled } from './observation';
import { type Deed, type NodeParts, perform, removeContainer, stopGraceSeconds } from './perform';
import type { Semaphore } from './semaphore';

/** Runtimes looked at side by side; making and starting has a narrower gate of its own. */
const sideBySide = 32;
/** More rounds than any way through the table has; past it something contradicts itself. */
const mostRounds = 40;

/** A boot that has taken this long waits rather than computes: a broken runtime must not keep others from starting. */
const placeForBootMs = 10_000;
/** Pause before a runtime is looked at again whose record could not be read or written. */
const afterCutOffMs = 1000;

const needsPlace: ReadonlySet<Action['kind']> = new Set(['make-volume', 'make-container', 'start-container', 'boot']);
const belongsToMaking: ReadonlySet<Action['kind']> = new Set(['make-container', 'start-container', 'boot', 'configure']);

export interface ReconcilerParts extends NodeParts {
  records: RuntimeRecords;
  routes: RouteAddresses;
  hints: Pick<HintBus, 'send'>;
  places: Semaphore;
  metrics: AgentMetrics;
  logger: Logger;
  /** False as soon as another agent may own the node. */
  mayAct(): boolean;
  /** Told when a runtime was deleted: its volume may be nobody's from now on. */
  onDeleted?(runtimeId: string): void;
}

/** Leads each runtime, one action after the other, to what its record asks for. */
export class Reconciler {
  private readonly runner: KeyedRunner;
  private readonly stopping = new AbortController();

  constructor(private readonly parts: ReconcilerParts) {
    this.runner = new KeyedRunner(sideBySide, (id) => this.reconcile(id));
  }

  /** Has a runtime looked at as soon as there is room. */
  trigger(runtimeId: string): void {
    if (!this.stopping.signal.aborted) this.runner.trigger(runtimeId);
  }

  isBusyWith(runtimeId: string): boolean {
    return this.runner.has(runtimeId);
  }

  get queueLength(): number {
    return this.runner.size;
  }

  /** Ends after the calls under way; what is half done, the next agent finds and goes on with. */
  async stop(): Promise<void> {
    this.stopping.abort(new Error('the node agent stops'));
    await this.runner.drain();
  }

  private async reconcile(id: string): Promise<void> {
    const { signal } = this.stopping;
    const place = new Place(this.parts.places, signal);
    try {
      let row = await this.parts.records.find(id);
      for (let round = 0; row && round < mostRounds && !signal.aborted && this.parts.mayAct(); round++) {
        const facts = await this.look(row);
        if (facts instanceof DriverError) return await this.fail(row, facts);
        const action = decide(row, facts, new Date());
        if (needsPlace.has(action.kind) && !place.isHeld) {
          await place.take();
          // What was seen may be old by now.
          row = await this.parts.records.find(id);
          continue;
        }
        row = await this.act(row, action, facts, place);
      }
    } catch (error) {
      if (signal.aborted) return;
      // The loops say once that MongoDB is away; not each runtime again.
      if (!isDatabaseAway(error))
        this.parts.logger.error({ runtime: id, err: error }, 'reconciling was cut off; it is tried again');
      // The record may not say that it is due, e.g. when its container ended while MongoDB was away.
      setTimeout(() => this.trigger(id), afterCutOffMs).unref();
    } finally {
      place.giveBack();
    }
  }

  private async look(row: RuntimeDocument): Promise<Facts | DriverError> {
    try {
      const container = await this.parts.driver.inspect(row._id);
      return { container, volumeExists: await this.parts.volumes.exists(row._id) };
    } catch (error) {
      return asDriverError(error);
    }
  }

  /** Gives the record to go on with; null when there is nothing more to do now. */
  private async act(row: RuntimeDocument, action: Action, facts: Facts, place: Place): Promise<RuntimeDocument | null> {
    switch (action.kind) {
      case 'wait':
        return null;
      case 'settle':
        return this.settle(row, action.state, facts);
      case 'note-end':
        return this.noteEnd(row, action.reason);
      case 'refuse':
        await this.save(row, failing(row, action.reason, true, new Date()), action.reason);
        return null;
      case 'roll-back':
        return this.rollBack(row, action.containerId);
      default:
        return this.do(row, action, place);
    }
  }

  private async do(row: RuntimeDocument, action: Deed, place: Place): Promise<RuntimeDocument | null> {
    const { metrics, logger } = this.parts;
    if (serves(row.observed) && action.kind !== 'configure' && action.kind !== 'thaw-container') await this.clearRoute(row);
    const current = await this.progress(row, entering(row, action, new Date()));
    if (!current) return null;
    const end = metrics.actionSeconds.startTimer({ action: action.kind });
    if (action.kind === 'boot') place.giveBackAfter(placeForBootMs);
    try {
      const changes = await perform(action, current, this.parts, this.stopping.signal);
      logger.debug({ runtime: row._id, action: action.kind, seconds: end() }, 'done');
      return { ...current, observed: { ...current.observed, ...changes } };
    } catch (error) {
      if (this.stopping.signal.aborted) throw error;
      if (error instanceof Superseded) return this.parts.records.find(row._id);
      place.giveBack();
      if (belongsToMaking.has(action.kind) && !serves(current.observed)) await this.takeBack(current);
      await this.fail(current, asDriverError(error), action.kind);
      return null;
    }
  }

  private async settle(row: RuntimeDocument, state: 'running' | RuntimeObservation['state'], facts: Facts) {
    const address = state === 'running' ? (facts.container?.address ?? null) : null;
    await this.setRoute(row, state, address);
    const observed = settled(row, state, address, new Date());
    const known = row.reconcileAt === null && JSON.stringify(observed) === JSON.stringify(row.observed);
    if (known) return null;
    const saved = await this.parts.records.saveOutcome(row, observed, null);
    if (!saved) return this.parts.records.find(row._id);
    if (state === 'deleted') this.parts.onDeleted?.(row._id);
    if (observed.state !== row.observed.state || observed.since !== row.observed.since)
      this.parts.logger.info({ runtime: row._id, state, address }, 'settled');
    this.parts.hints.send({ kind: 'runtime-observed', id: row._id });
    return null;
  }

  /** It ended by itself: off the route at once, and started again after a pause that grows. */
  private async noteEnd(row: RuntimeDocument, reason: Reason): Promise<RuntimeDocument | null> {
    await this.clearRoute(row);
    const observed = afterEnd(row, reason, new Date());
    this.parts.logger.warn({ runtime: row._id, reason: reason.message, attempts: observed.attempts }, 'a runtime ended');
    const pause = restartPauseMs(observed.attempts);
    const saved = await this.parts.records.saveOutcome(row, observed, new Date(Date.now() + pause));
    this.parts.hints.send({ kind: 'runtime-observed', id: row._id });
    return saved && pause > 0 ? null : this.parts.records.find(row._id);
  }

  private async rollBack(row: RuntimeDocument, containerId: string | null): Promise<null> {
    if (containerId) await this.takeBack(row, containerId);
    const began = row.observed.since.getTime();
    const seconds = Math.round(((row.observed.deadline?.getTime() ?? Date.now()) - began) / 1000);
    await this.fail(row, new Temporary('OPERATION_TIMED_OUT', { seconds }), 'roll-back');
    return null;
  }

  /** Nothing half-made is left behind; the volume stays. A failure here shows again at the next attempt. */
  private async takeBack(row: RuntimeDocument, known?: string): Promise<void> {
    try {
      const containerId = known ?? (await this.parts.driver.inspect(row._id))?.id;
      if (!containerId) return;
      await this.parts.driver.stop(containerId, stopGraceSeconds);
      await removeContainer(containerId, row, this.parts);
    } catch (error) {
      this.parts.logger.warn({ runtime: row._id, err: error }, 'what was half made could not be taken back yet');
    }
  }

  private async fail(row: RuntimeDocument, error: DriverError, action = 'look'): Promise<void> {
    this.parts.metrics.failures.inc({ action, code: error.code });
    const reason = reasonOf(error);
    const cause = error.cause instanceof Error ? error.cause.message : undefined;
    this.parts.logger.warn({ runtime: row._id, action, reason: reason.message, cause }, 'an action failed');
    if (!serves(row.observed)) await this.clearRoute(row);
    await this.save(row, failing(row, reason, error instanceof Fatal, new Date()), reason);
  }

  private async save(row: RuntimeDocument, observed: RuntimeObservation, reason: Reason): Promise<void> {
    const next = new Date(Date.now() + backOffMs(observed.attempts, reason.code));
    const saved = await this.parts.records.saveOutcome(row, observed, next);
    // The record asks for something new: what was seen is written, and the next look is due at once.
    if (!saved) await this.parts.records.saveProgress(row, { ...observed, revision: row.observed.revision });
    this.parts.hints.send({ kind: 'runtime-observed', id: row._id });
  }

  private async progress(row: RuntimeDocument, observed: RuntimeObservation): Promise<RuntimeDocument | null> {
    if (row.reconcileAt !== null && JSON.stringify(observed) === JSON.stringify(row.observed)) return row;
    const current = await this.parts.records.saveProgress(row, observed);
    this.parts.hints.send({ kind: 'runtime-observed', id: row._id });
    return current;
  }

  private async setRoute(row: RuntimeDocument, state: RuntimeObservation['state'], address: string | null): Promise<void> {
    if (row.environmentId === null) return;
    if (state === 'running' && address) await this.parts.routes.point(row.environmentId, row._id, address);
    else if (state === 'deleted') await this.parts.routes.remove(row.environmentId, row._id);
    else await this.clearRoute(row);
  }

  private async clearRoute(row: RuntimeDocument): Promise<void> {
    if (row.environmentId !== null) await this.parts.routes.clear(row.environmentId, row._id);
  }
}

/** A runtime's hold on one of the places for making and starting. */
class Place {
  private release: (() => void) | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly places: Semaphore,
    private readonly signal: AbortSignal,
  ) {}

  get isHeld(): boolean {
    return this.release !== undefined;
  }

  async take(): Promise<void> {
    this.release = await this.places.acquire(this.signal);
  }

  giveBackAfter(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.giveBack(), ms);
  }

  giveBack(): void {
    clearTimeout(this.timer);
    this.release?.();
    this.release = undefined;
  }
}

function asDriverError(error: unknown): DriverError {
  if (error instanceof DriverError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC') return new Temporary('DISK_FULL', {}, { cause: error });
  return new Temporary('RUNTIME_BOOT_FAILED', { reason: message }, { cause: error });
}
