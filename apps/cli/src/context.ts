import { type BerthClient, berthClient } from '@berth/client/client';
import { Credentials } from './credentials';
import { CliError, exitCodes } from './failures';
import { apiUrlOf, type Installation, readInstallation } from './installation';
import type { Output } from './output';

/** What every command works with. */
export class Context {
  readonly credentials: Credentials;
  readonly installation: Installation;

  constructor(
    readonly environment: NodeJS.ProcessEnv,
    readonly output: Output,
  ) {
    this.credentials = Credentials.of(environment);
    this.installation = readInstallation(environment);
  }

  get apiUrl(): string {
    return apiUrlOf(this.environment, this.installation);
  }

  /** For calls that need no account. */
  anonymous(): BerthClient {
    return this.clientWith(undefined);
  }

  /** @throws CliError without a token */
  signedIn(): BerthClient {
    const token = this.environment.BERTH_TOKEN || this.credentials.find(this.apiUrl)?.token;
    if (token) return this.clientWith(token);
    throw new CliError(
      'NOT_SIGNED_IN',
      `You are not signed in to ${this.apiUrl}.`,
      'Run berth login (or berth signup for an account), or set BERTH_TOKEN.',
      exitCodes.notSignedIn,
    );
  }

  clientWith(token: string | undefined): BerthClient {
    return berthClient({ origin: this.apiUrl, token, userAgent: 'berth-cli' });
  }
}

/** Makes commander's action out of a command: it is given the context, the options, then the arguments. */
export type Run = <Options extends object, Words extends (string | undefined)[]>(
  command: (context: Context, options: Options, ...words: Words) => Promise<void> | void,
) => (...args: unknown[]) => Promise<void>;
