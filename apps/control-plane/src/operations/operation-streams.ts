import type { Hint } from '@berth/contracts/hints';
import type { HintBus } from '@berth/jobs/hint-bus';
import type { Logger } from '@berth/observability/logger';
import { Inject, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { HINTS, LOGGER } from '../platform/tokens';
import { toOperation } from './operation.dto';
import type { OperationRow } from './operation.schema';
import { AdvanceOperation } from './use-cases/advance-operation';

const heartbeatMs = 15_000;
const lookEveryMs = 1000;
/** A client that reads so slowly is let go; it comes back and gets the present state. */
const maxUnreadBytes = 64 * 1024;

interface Watched {
  listeners: Set<Response>;
  version: number;
  runtimeId: string | null;
  looking: boolean;
  lookAgain: boolean;
}

/**
 * Server-sent events of operations. However many listen to one operation, it is looked at once: on hints, and once a second in case a hint
 * was lost. With no listener there is neither timer nor subscription at work.
 */
@Injectable()
export class OperationStreams {
  private readonly watched = new Map<string, Watched>();
  private lookTimer: NodeJS.Timeout | undefined;
  private heartbeatTimer: NodeJS.Timeout | undefined;
  private subscribed = false;

  constructor(
    private readonly advance: AdvanceOperation,
    @Inject(HINTS) private readonly hints: HintBus,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** How many clients listen. */
  get size(): number {
    return [...this.watched.values()].reduce((sum, { listeners }) => sum + listeners.size, 0);
  }

  /** Begins the stream. `lastEventId` is what the client had before it came back. */
  open(operation: OperationRow, lastEventId: string | undefined, request: Request, response: Response): void {
    const isKnown = lastEventId === String(operation.version);
    if (isKnown && operation.state !== 'running') {
      // Anything but 204 would have browsers come back for ever.
      response.status(204).end();
      return;
    }
    response.status(200).set({
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-cache, no-transform',
      'X-Accel-Buffering': 'no',
    });
    response.flushHeaders();
    response.write('retry: 1000\n\n');
    if (!isKnown) response.write(eventOf(operation));
    if (operation.state !== 'running') {
      response.end();
      return;
    }
    this.listen(operation, response);
    request.once('close', () => this.leave(operation._id, response));
    response.once('close', () => this.leave(operation._id, response));
    this.look(operation._id);
  }

  private listen(operation: OperationRow, response: Response): void {
    const { _id, version, runtimeId } = operation;
    const watched = this.watched.get(_id) ?? { listeners: new Set(), version, runtimeId, looking: false, lookAgain: false };
    // The newcomer may have been shown an older state than the others: they get that one twice, and it gets the newer one.
    watched.version = Math.min(watched.version, version);
    watched.listeners.add(response);
    this.watched.set(_id, watched);
    this.lookTimer ??= setInterval(() => this.lookAtAll(), lookEveryMs);
    this.heartbeatTimer ??= setInterval(() => this.beat(), heartbeatMs);
    if (this.subscribed) return;
    this.subscribed = true;
    this.hints.receive((hint) => this.onHint(hint));
  }

  private leave(id: string, response: Response): void {
    const watched = this.watched.get(id);
    if (!watched?.listeners.delete(response) || watched.listeners.size > 0) return;
    this.watched.delete(id);
    if (this.watched.size > 0) return;
    clearInterval(this.lookTimer);
    clearInterval(this.heartbeatTimer);
    this.lookTimer = undefined;
    this.heartbeatTimer = undefined;
  }

  private onHint(hint: Hint): void {
    switch (hint.kind) {
      case 'operation':
        if (this.watched.has(hint.id)) this.look(hint.id);
        return;
      case 'runtime-observed':
        for (const [id, { runtimeId }] of this.watched) if (runtimeId === null || runtimeId === hint.id) this.look(id);
        return;
      case 'gateway-applied':
        this.lookAtAll();
        return;
      case 'runtime':
      case 'routes':
        return;
    }
  }

  private lookAtAll(): void {
    for (const id of this.watched.keys()) this.look(id);
  }

  /** One look at a time; whatever is asked for meanwhile is one more look after it. */
  private look(id: string): void {
    const watched = this.watched.get(id);
    if (!watched) return;
    if (watched.looking) {
      watched.lookAgain = true;
      return;
    }
    watched.looking = true;
    watched.lookAgain = false;
    void this.advance
      .run(id)
      .then((operation) => this.publish(id, watched, operation))
      // MongoDB away: the listeners stay, the next look tries again.
      .catch((error: unknown) => this.logger.debug({ err: error, operation: id }, 'an operation could not be looked at'))
      .finally(() => {
        watched.looking = false;
        if (watched.lookAgain) this.look(id);
      });
  }

  private publish(id: string, watched: Watched, operation: OperationRow | null): void {
    if (operation && operation.version > watched.version) {
      watched.version = operation.version;
      const event = eventOf(operation);
      for (const response of watched.listeners) this.write(response, event);
    }
    if (operation?.state === 'running') return;
    for (const response of watched.listeners) {
      response.end();
      this.leave(id, response);
    }
  }

  private beat(): void {
    for (const { listeners } of this.watched.values()) for (const response of listeners) this.write(response, ': still here\n\n');
  }

  private write(response: Response, text: string): void {
    if (response.writableLength > maxUnreadBytes) response.destroy();
    else response.write(text);
  }
}

function eventOf(operation: OperationRow): string {
  return `event: operation\nid: ${operation.version}\ndata: ${JSON.stringify(toOperation(operation))}\n\n`;
}
