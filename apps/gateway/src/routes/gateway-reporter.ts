import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '@berth/contracts/ids';
import type { SharedCollections } from '@berth/database/collections';
import type { HintBus } from '@berth/jobs/hint-bus';
import type { Logger } from '@berth/observability/logger';
import { writeFileAtomically } from '../haproxy/write-files';

const heartbeatMs = 5000;

/** Tells the control plane what this gateway serves: document `gateways/{id}`, and a hint when the revision rises. */
export class GatewayReporter {
  private readonly startedAt = new Date();
  private revision = 0;
  private writing = false;
  private again = false;
  private timer: NodeJS.Timeout | undefined;
  private complaint: string | undefined;

  constructor(
    private readonly id: string,
    private readonly collections: SharedCollections,
    private readonly hints: HintBus,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.write(), heartbeatMs);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  applied(revision: number): void {
    if (revision === this.revision) return;
    this.revision = revision;
    void this.write();
  }

  private async write(): Promise<void> {
    if (this.writing) {
      this.again = true;
      return;
    }
    this.writing = true;
    try {
      do {
        this.again = false;
        const revision = this.revision;
        await this.collections.gateways.updateOne(
          { _id: this.id },
          { $set: { startedAt: this.startedAt, heartbeatAt: new Date(), appliedRevision: revision } },
          { upsert: true },
        );
        if (revision > 0) this.hints.send({ kind: 'gateway-applied', revision });
      } while (this.again);
      this.complaint = undefined;
    } catch (error) {
      const { message } = error as Error;
      if (this.complaint !== message) this.logger.warn({ reason: message }, 'the control plane cannot be told what is applied');
      this.complaint = message;
    } finally {
      this.writing = false;
    }
  }
}

/** The id of the gateway on this machine, made once and kept beside its files. */
export async function gatewayId(directory: string): Promise<string> {
  const path = join(directory, 'id');
  const kept = (await readFile(path, 'utf8').catch(() => '')).trim();
  if (kept !== '') return kept;
  const id = newId('gateway');
  await writeFileAtomically(path, `${id}\n`);
  return id;
}
