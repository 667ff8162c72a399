import { BerthError } from '@berth/errors/berth-error';
import type { HintBus } from '@berth/jobs/hint-bus';
import type { Logger } from '@berth/observability/logger';
import { Inject, Injectable } from '@nestjs/common';
import { refusal } from '../../apps/find-app';
import { SettleApp } from '../../apps/use-cases/settle-app';
import type { Identity } from '../../http/identity';
import { BeginOperation } from '../../operations/begin-operation';
import type { OperationRow } from '../../operations/operation.schema';
import { OperationsRepository } from '../../operations/operations.repository';
import type { OrgScope } from '../../orgs/org-scope';
import { HINTS, LOGGER } from '../../platform/tokens';
import { EnvironmentKeysSeal } from '../environment-keys';
import { EnvironmentsRepository } from '../environments.repository';
import { FindEnvironment } from '../find-environment';
import { type KeyKind, mintKey, rotateKey } from '../keys';

const hourMs = 3600_000;
const attempts = 8;

export interface Rotation {
  kind: KeyKind;
  value: string;
  oldValidUntil: Date | null;
  operation: OperationRow;
}

/** Replaces one key. Order of writes: operation → the environment's keys (the write that decides) → the runtime's configuration follows. */
@Injectable()
export class RotateKey {
  constructor(
    private readonly findEnvironment: FindEnvironment,
    private readonly environments: EnvironmentsRepository,
    private readonly operations: OperationsRepository,
    private readonly begin: BeginOperation,
    private readonly seal: EnvironmentKeysSeal,
    private readonly settle: SettleApp,
    @Inject(HINTS) private readonly hints: HintBus,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @throws BerthError `APP_NOT_FOUND`, `ENVIRONMENT_NOT_FOUND`, `ROLE_INSUFFICIENT`, `TOKEN_SCOPE_MISSING`, `APP_BUSY`, `APP_IN_TRASH` */
  async run(identity: Identity, reference: string, name: string, kind: KeyKind, oldValidHours: number): Promise<Rotation> {
    // Its answer holds the new key.
    if (!identity.scopes.has('keys:read')) throw new BerthError('TOKEN_SCOPE_MISSING', { scope: 'keys:read' });
    const { scope, app, environment } = await this.findEnvironment.run(identity, reference, name, 'developer');
    if (app.lifecycle !== 'active') throw refusal(app);
    const operation = await this.begin.run({
      kind: 'environment.configure',
      orgId: app.orgId,
      accountId: identity.accountId,
      appId: app._id,
      environmentId: environment._id,
      runtimeId: environment.runtimeId,
      steps: ['configure'],
    });
    if (!operation) throw new BerthError('APP_BUSY');
    const value = mintKey();
    const now = new Date();
    const oldValidUntil = oldValidHours === 0 ? null : new Date(now.getTime() + oldValidHours * hourMs);
    await this.replace(scope, environment._id, kind, value, oldValidUntil, now);
    const generation = (await this.settle.run(app._id)).get(environment._id);
    if (generation !== undefined) await this.operations.setGeneration(operation._id, generation);
    this.hints.send({ kind: 'operation', id: operation._id });
    this.logger.info({ account: identity.accountId, via: identity.via, environment: environment._id, kind }, 'key rotated');
    return { kind, value, oldValidUntil, operation };
  }

  private async replace(
    scope: OrgScope,
    id: string,
    kind: KeyKind,
    value: string,
    oldValidUntil: Date | null,
    now: Date,
  ): Promise<void> {
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const environment = await this.environments.find(scope, id);
      if (!environment) throw new BerthError('ENVIRONMENT_NOT_FOUND');
      const keys = rotateKey(this.seal.open(environment), kind, value, oldValidUntil, now);
      if (await this.environments.replaceKeys(scope, id, environment.keysRevision, this.seal.seal(id, keys))) return;
    }
    throw new BerthError('APP_BUSY');
  }
}
