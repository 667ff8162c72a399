import type { Logger } from '@berth/observability/logger';
import { Inject, Injectable } from '@nestjs/common';
import type { Identity } from '../../http/identity';
import { LOGGER } from '../../platform/tokens';
import { EnvironmentKeysSeal } from '../environment-keys';
import { FindEnvironment } from '../find-environment';
import { type EnvironmentKeys, previousOf } from '../keys';

export interface RevealedKeys {
  applicationId: string;
  keys: EnvironmentKeys;
  previous: ReturnType<typeof previousOf>;
}

@Injectable()
export class RevealKeys {
  constructor(
    private readonly findEnvironment: FindEnvironment,
    private readonly seal: EnvironmentKeysSeal,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @throws BerthError `APP_NOT_FOUND`, `ENVIRONMENT_NOT_FOUND`, `ROLE_INSUFFICIENT` */
  async run(identity: Identity, reference: string, name: string): Promise<RevealedKeys> {
    const { environment } = await this.findEnvironment.run(identity, reference, name, 'developer');
    const keys = this.seal.open(environment);
    this.logger.info({ account: identity.accountId, via: identity.via, environment: environment._id }, 'keys shown');
    return { applicationId: environment.applicationId, keys, previous: previousOf(keys, new Date()) };
  }
}
