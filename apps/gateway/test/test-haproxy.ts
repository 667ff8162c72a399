import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { defaultTimeouts, type GatewayConfigOptions } from '../src/haproxy/build-config';
import { fileNames, type MapName } from '../src/haproxy/gateway-files';
import { hasIpv6, renderGateway } from '../src/haproxy/render-gateway';

/** Another version can be tried: `BERTH_TEST_HAPROXY=/path/to/haproxy`. */
export const haproxyProgram = process.env.BERTH_TEST_HAPROXY ?? 'haproxy';

/** A real HAProxy with a folder and ports of its own. */
export interface TestHaproxy {
  home: string;
  directory: string;
  port: number;
  activatorPort: number;
  /** Lines of the access log and of HAProxy itself. */
  log: string[];
  start(): Promise<void>;
  /** SIGKILL to master and worker, as the kernel would. */
  kill(): Promise<void>;
  /** Writes map files as the service would have left them; HAProxy reads them when it starts. */
  writeMaps(maps: Partial<Record<MapName, Record<string, string>>>): Promise<void>;
  readMap(map: MapName): Promise<string>;
  /** A new worker takes over; the old one ends what it has begun. */
  reload(): Promise<void>;
  stop(): Promise<void>;
}

export async function makeHaproxy(options: Partial<GatewayConfigOptions> = {}): Promise<TestHaproxy> {
  const home = await mkdtemp(join(tmpdir(), 'berth-gateway-'));
  const directory = join(home, 'gateway');
  const [port, activatorPort] = (await freePorts(2)) as [number, number];
  const config: GatewayConfigOptions = {
    directory,
    port,
    activatorPort,
    ipv6: await hasIpv6(),
    publicScheme: 'http',
    threads: 2,
    ...options,
    timeouts: { ...defaultTimeouts, request: 1, client: 2, server: 2, connect: 1, retries: 2, ...options.timeouts },
  };
  await renderGateway(config);
  const log: string[] = [];
  let child: ChildProcess | undefined;

  const start = async () => {
    const process = spawn(haproxyProgram, ['-W', '-db', '-f', join(directory, fileNames.config)], {
      cwd: '/',
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    child = process;
    for (const stream of [process.stdout, process.stderr])
      createInterface({ input: stream }).on('line', (line) => log.push(line));
    await Promise.race([
      untilOpen(port),
      once(process, 'exit').then(() => {
        throw new Error(`HAProxy ended: ${log.join('\n')}`);
      }),
    ]);
  };
  const kill = async () => {
    const process = child;
    child = undefined;
    if (!process?.pid || process.exitCode !== null || process.signalCode !== null) return;
    const ended = once(process, 'exit');
    global.process.kill(-process.pid, 'SIGKILL');
    await ended;
    // the worker may take connections for a moment longer than the master lives
    await eventually(async () => {
      if (await isOpen(port)) throw new Error('HAProxy still takes connections');
    });
  };
  return {
    home,
    directory,
    port,
    activatorPort,
    log,
    start,
    kill,
    writeMaps: async (maps) => {
      for (const [name, entries] of Object.entries(maps)) {
        const lines = Object.entries(entries).map(([key, value]) => `${key} ${value}\n`);
        await writeFile(join(directory, fileNames.map(name as MapName)), lines.join(''));
      }
    },
    readMap: (map) => readFile(join(directory, fileNames.map(map)), 'utf8'),
    reload: async () => {
      const before = log.filter((line) => line.includes('Loading success')).length;
      child?.kill('SIGUSR2');
      await eventually(() => {
        if (log.filter((line) => line.includes('Loading success')).length === before) throw new Error(log.join('\n'));
      });
    },
    stop: async () => {
      await kill();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Below the range that the kernel gives to outgoing connections, which would take a port between its choice and its use. */
const [firstPort, lastPort] = [20_000, 32_000];

export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(firstPort, lastPort);
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen({ port }, () => server.close(() => resolve(true)));
    });
    if (free) ports.add(port);
  }
  return [...ports];
}

/** Waits until something takes connections there. */
export async function untilOpen(port: number): Promise<void> {
  await eventually(async () => {
    if (!(await isOpen(port))) throw new Error(`nobody listens on ${port}`);
  });
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Tries again until it does not throw; past 10 s the last error. */
export async function eventually<T>(attempt: () => Promise<T> | T, forMs = 10_000): Promise<T> {
  const end = Date.now() + forMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
