import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { type Agent, type IncomingHttpHeaders, type RequestOptions, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const recipe = join(__dirname, '../image/build.mjs');
const label = `berth.installation=test-runtime-${process.pid}`;

let image: string | undefined;

/** The image of the checkout, built when it is missing. */
export function runtimeImage(): string {
  image ??= execFileSync(process.execPath, [recipe], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
  return image;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** Parsed, when it is JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever comes
  body: any;
}

export interface CallOptions {
  method?: string;
  headers?: Record<string, string>;
  body?: unknown;
  agent?: Agent;
}

/** A runtime in a container, made exactly as docs/runtime-contract.md says. */
export class TestRuntime {
  private constructor(
    readonly container: string,
    readonly folder: string,
    public address: string,
  ) {}

  static async start({ memory = '256m' } = {}): Promise<TestRuntime> {
    const folder = mkdtempSync(join(tmpdir(), 'berth-runtime-'));
    makeVolume(folder);
    const container = docker('create', ...containerOptions(folder, memory), runtimeImage());
    const runtime = new TestRuntime(container, folder, '');
    await runtime.boot();
    return runtime;
  }

  async boot(): Promise<void> {
    docker('start', this.container);
    this.address = docker('inspect', '--format', '{{.NetworkSettings.IPAddress}}', this.container);
    await this.ready();
  }

  async ready(): Promise<Answer> {
    for (const end = Date.now() + 30_000; ; await sleep(10)) {
      const answer = await this.admin('GET', '/ready?timeoutMs=20000').catch(() => null);
      if (answer?.status === 200) return answer;
      if (Date.now() > end) throw new Error(`not ready: ${answer?.text}\n${this.logs()}`);
    }
  }

  admin(method: string, path: string, body?: unknown): Promise<Answer> {
    return call({ socketPath: join(this.folder, 'admin/admin.sock'), method, path }, body, {});
  }

  /** @throws when it is not applied */
  async configure(config: object): Promise<Answer> {
    const answer = await this.admin('PUT', '/config', config);
    if (answer.status !== 200) throw new Error(answer.text);
    return answer;
  }

  http(path: string, { method = 'GET', headers = {}, body, agent }: CallOptions = {}): Promise<Answer> {
    return call({ host: this.address, port: 1337, method, path, agent }, body, headers);
  }

  url(path: string): string {
    return `http://${this.address}:1337${path}`;
  }

  /** A command as one of the container's users. */
  shell(user: 'root' | 'postgres' | 'app', script: string): string {
    return docker('exec', '--user', user, this.container, 'sh', '-c', script);
  }

  sql(query: string, role = 'postgres'): string {
    return docker('exec', '--user', role, this.container, 'psql', '-qAtX', '-U', role, '-d', 'app', '-c', query);
  }

  logs(): string {
    return docker('logs', this.container);
  }

  state(): { Running: boolean; ExitCode: number; OOMKilled: boolean } {
    return JSON.parse(docker('inspect', '--format', '{{json .State}}', this.container));
  }

  stop(): void {
    docker('stop', '--time', '30', this.container);
  }

  kill(): void {
    docker('kill', '--signal', 'KILL', this.container);
  }

  remove(): void {
    docker('rm', '--force', '--volumes', this.container);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The volume and the admin folder, with the owners that the node agent gives them. */
function makeVolume(folder: string): void {
  const make = (path: string, mode: number, uid: number, gid: number) => {
    mkdirSync(join(folder, path), { recursive: true });
    chownSync(join(folder, path), uid, gid);
    chmodSync(join(folder, path), mode);
  };
  make('data', 0o755, 0, 0);
  make('data/pg', 0o700, 5432, 5432);
  make('data/app', 0o700, 1337, 1337);
  make('data/config', 0o2750, 0, 1337);
  make('admin', 0o700, 0, 0);
}

export function containerOptions(folder: string, memory: string): string[] {
  return [
    `--label=${label}`,
    `--volume=${folder}/data:/data`,
    `--volume=${folder}/admin:/run/berth`,
    '--read-only',
    '--tmpfs=/tmp:rw,noexec,nosuid,nodev,size=32m,mode=1777',
    '--tmpfs=/run/postgresql:rw,noexec,nosuid,nodev,size=1m,mode=0755,uid=5432,gid=5432',
    '--tmpfs=/run/app:rw,noexec,nosuid,nodev,size=1m,mode=0700,uid=1337,gid=1337',
    '--cap-drop=ALL',
    ...['SETUID', 'SETGID', 'KILL'].map((each) => `--cap-add=${each}`),
    '--security-opt=no-new-privileges',
    '--pids-limit=96',
    `--memory=${memory}`,
    `--memory-swap=${memory}`,
    '--memory-swappiness=100',
    '--ulimit=nofile=4096',
    '--ulimit=core=0',
    '--shm-size=16m',
    '--log-driver=local',
    '--env=BERTH_RUNTIME_ID=rt_test',
  ];
}

export function docker(...args: string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

/** A docker command that runs beside the test. */
export function dockerInBackground(...args: string[]): { done: Promise<number | null> } {
  const child = spawn('docker', args, { stdio: 'ignore' });
  return { done: new Promise((resolve) => child.on('exit', resolve)) };
}

function call(options: RequestOptions, body: unknown, headers: Record<string, string>): Promise<Answer> {
  const bytes = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const type: Record<string, string> = bytes === undefined ? {} : { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const sent = request({ ...options, headers: { ...type, ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, body: parse(text) });
      });
    });
    sent.on('error', reject);
    sent.end(bytes);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A configuration with keys of its own. `change` is laid over it. */
export function testConfig(change: Record<string, unknown> = {}) {
  const key = (name: string) => ({ current: `${name}-${randomBytes(6).toString('hex')}`, previous: [] as object[] });
  return {
    generation: 1,
    runtimeId: 'rt_test',
    environmentId: 'env_test' as string | null,
    appName: 'Test',
    applicationId: `app${randomBytes(5).toString('hex')}`,
    keys: {
      javascript: key('js'),
      rest: key('rest'),
      client: key('client'),
      master: key('master'),
      readOnlyMaster: key('readonly'),
    },
    mountPaths: ['/parse'],
    publicOrigin: 'http://localhost:1337',
    admission: { mode: 'open' } as Record<string, unknown>,
    parse: { rateLimit: { requests: 1_000_000, windowSeconds: 60, logins: 100_000 } } as Record<string, unknown>,
    ...change,
  };
}

export type TestConfig = ReturnType<typeof testConfig>;

export function restHeaders(config: TestConfig, more: Record<string, string> = {}): Record<string, string> {
  return { 'x-parse-application-id': config.applicationId, 'x-parse-rest-api-key': config.keys.rest.current, ...more };
}

export function masterHeaders(config: TestConfig): Record<string, string> {
  return { 'x-parse-application-id': config.applicationId, 'x-parse-master-key': config.keys.master.current };
}
