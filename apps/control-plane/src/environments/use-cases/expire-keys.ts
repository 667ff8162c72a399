import { Injectable } from '@nestjs/common';
import { SettleApp } from '../../apps/use-cases/settle-app';
import { SystemScope } from '../../orgs/system-scope';
import { EnvironmentKeysSeal } from '../environment-keys';
import { EnvironmentsRepository } from '../environments.repository';
import { withoutExpired } from '../keys';

const scope = SystemScope.for('ending former keys whose time is over');
const batch = 100;

/** Drops former values of keys whose time is over, from the record and then from the runtime. */
@Injectable()
export class ExpireKeys {
  constructor(
    private readonly environments: EnvironmentsRepository,
    private readonly seal: EnvironmentKeysSeal,
    private readonly settle: SettleApp,
  ) {}

  async run(): Promise<void> {
    const now = new Date();
    const due = await this.environments.withExpiredKeys(scope, now, batch);
    for (const environment of due) {
      // The runtime first: it is told from the keys that are valid now, and a kill in between leaves the record due.
      await this.settle.run(environment.appId);
      const keys = withoutExpired(this.seal.open(environment), now);
      await this.environments.replaceKeys(
        scope,
        environment._id,
        environment.keysRevision,
        this.seal.seal(environment._id, keys),
      );
    }
  }
}
