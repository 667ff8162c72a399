import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from '@berth/config/settings';
import { BerthError } from '@berth/errors/berth-error';
import type { Logger } from '@berth/observability/logger';
import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, SETTINGS } from '../../platform/tokens';
import { secretsEqual } from './secrets';

/** The token that the setup leaves in `BERTH_HOME/secrets/setup-token`: only who can read this machine's output or disk becomes operator. */
@Injectable()
export class SetupToken {
  private readonly path: string;

  constructor(
    @Inject(SETTINGS) settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.path = join(settings.BERTH_HOME, 'secrets', 'setup-token');
  }

  /** @throws BerthError `SETUP_TOKEN_REQUIRED`, `SETUP_TOKEN_WRONG` */
  async check(given: string | undefined): Promise<void> {
    if (given === undefined) throw new BerthError('SETUP_TOKEN_REQUIRED');
    const expected = await this.read();
    if (expected === '' || !secretsEqual(given.trim(), expected)) throw new BerthError('SETUP_TOKEN_WRONG');
  }

  private async read(): Promise<string> {
    try {
      return (await readFile(this.path, 'utf8')).trim();
    } catch (error) {
      this.logger.error({ err: error }, 'the setup token cannot be read; the first account cannot be made');
      return '';
    }
  }
}
