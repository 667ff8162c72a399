import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { CliError } from './failures';

export interface Credential {
  token: string;
  email: string;
  /** ISO 8601; null for one that does not end. */
  expiresAt: string | null;
}

/** The access tokens that `login` keeps, by the API's address; a file of mode 600. */
export class Credentials {
  constructor(readonly path: string) {}

  /** @param environment `XDG_CONFIG_HOME` is honoured */
  static of(environment: NodeJS.ProcessEnv): Credentials {
    const config = environment.XDG_CONFIG_HOME?.startsWith('/')
      ? environment.XDG_CONFIG_HOME
      : join(environment.HOME || homedir(), '.config');
    return new Credentials(join(config, 'berth', 'credentials.json'));
  }

  find(apiUrl: string): Credential | undefined {
    return this.read()[apiUrl];
  }

  save(apiUrl: string, credential: Credential): void {
    this.write({ ...this.read(), [apiUrl]: credential });
  }

  remove(apiUrl: string): void {
    const { [apiUrl]: removed, ...others } = this.read();
    if (removed) this.write(others);
  }

  private read(): Record<string, Credential> {
    try {
      const content: unknown = JSON.parse(readFileSync(this.path, 'utf8'));
      if (typeof content === 'object' && content !== null && !Array.isArray(content))
        return content as Record<string, Credential>;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
      if (!(error instanceof SyntaxError)) throw this.unusable((error as Error).message);
    }
    throw this.unusable('it is not a JSON object');
  }

  /** Whole or not at all, and never readable by others, not even for a moment. */
  private write(content: Record<string, Credential>): void {
    const half = `${this.path}.${process.pid}.tmp`;
    try {
      mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
      writeFileSync(half, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
      chmodSync(half, 0o600);
      renameSync(half, this.path);
    } catch (error) {
      throw this.unusable((error as Error).message);
    }
  }

  private unusable(reason: string): CliError {
    return new CliError(
      'CREDENTIALS_FILE',
      `${this.path} cannot be used: ${reason}.`,
      'Mend or remove the file and sign in again with berth login.',
    );
  }
}
