// @ts-check
// What the gateway costs: requests a second and CPU a request directly, through a bare HAProxy, and through Berth's configuration with
// 1,000 routes, in one run, one after the other in turns. Needs haproxy and wrk. Prints a table; exits 1 below the target.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    connections: { type: 'string', default: '64' },
    routes: { type: 'string', default: '1000' },
    haproxy: { type: 'string', default: 'haproxy' },
    wrk: { type: 'string', default: 'wrk' },
  },
});
const TARGET = 0.7;
const CLONE = fileURLToPath(new URL('../..', import.meta.url));
const TICKS = 100;
const rounds = Number(values.rounds);
const routes = Number(values.routes);
const threads = Math.min(4, availableParallelism());
const folder = mkdtempSync(join(tmpdir(), 'berth-bench-'));
/** @type {{ pid: number, stop: () => Promise<void> }[]} */
const started = [];

try {
  await main();
} finally {
  for (const each of started) await each.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function main() {
  const [load] = loadavg();
  if (load > 1) process.stdout.write(`The machine is busy (load ${load.toFixed(1)}): the figures are not to be trusted.\n\n`);
  const gateway = await loadGateway();
  const [upstreamPort, barePort, berthPort, activatorPort] = await freePorts(4);
  await startHaproxy('upstream', upstreamConfig(upstreamPort), upstreamPort);
  const bare = await startHaproxy('bare', bareConfig(barePort, upstreamPort), barePort);
  const directory = join(folder, 'gateway');
  await gateway.renderGateway({ directory, port: berthPort, ipv6: true, publicScheme: 'http', activatorPort, threads });
  writeRoutes(directory, upstreamPort);
  const berth = await startHaproxy('berth', undefined, berthPort, directory);
  const idleMb = pssMb(berth.pid);
  const targets = [
    { name: 'direct', port: upstreamPort, pid: 0 },
    { name: 'bare HAProxy', port: barePort, pid: bare.pid },
    { name: 'Berth', port: berthPort, pid: berth.pid },
  ];
  /** @type {Map<string, { rate: number, cpu: number, p99: string }[]>} */
  const results = new Map(targets.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, port, pid } of targets) results.get(name)?.push(await measure(port, pid));
  }
  report(results, { idleMb, loadedMb: pssMb(berth.pid) });
}

/** The gateway's own builder, from the source as it is. */
async function loadGateway() {
  const outfile = join(CLONE, 'node_modules/.cache/berth-bench/render-gateway.cjs');
  await build({
    entryPoints: [join(CLONE, 'apps/gateway/src/haproxy/render-gateway.ts')],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    tsconfig: join(CLONE, 'tsconfig.json'),
    logLevel: 'error',
  });
  return import(pathToFileURL(outfile).href);
}

/** A server that costs as little as any: about 150 bytes of JSON, keep-alive. @param {number} port */
function upstreamConfig(port) {
  const body = JSON.stringify({ results: [{ objectId: 'Ed1nuqPvcm', title: 'x'.repeat(90) }] });
  return `global
  nbthread 1
defaults
  mode http
  timeout client 60s
frontend upstream
  bind 127.0.0.1:${port}
  http-request return status 200 content-type application/json string '${body}'
`;
}

/** @param {number} port @param {number} upstreamPort */
function bareConfig(port, upstreamPort) {
  return `global
  nbthread ${threads}
defaults
  mode http
  timeout connect 3s
  timeout client 60s
  timeout server 60s
frontend edge
  bind 127.0.0.1:${port}
  default_backend runtime
backend runtime
  http-reuse safe
  server runtime 127.0.0.1:${upstreamPort}
`;
}

/** @param {string} directory @param {number} upstreamPort */
function writeRoutes(directory, upstreamPort) {
  const ids = Array.from({ length: routes }, (_, i) => `env_${String(i).padStart(20, '0')}`);
  /** @param {string} map @param {(id: string, i: number) => string} line */
  const write = (map, line) => writeFileSync(join(directory, `${map}.map`), ids.map((id, i) => `${line(id, i)}\n`).join(''));
  write('slugs', (id, i) => `app-${i} ${id}`);
  write('hosts', (id, i) => `app-${i}.localhost ${id}`);
  write('addresses', (id) => `${id} 127.0.0.1/${upstreamPort}`);
  // a rate that is limited but not reached: the costlier way through
  write('policies', (id) => `${id} open/100000000/20971520`);
}

/**
 * @param {string} name
 * @param {string | undefined} config
 * @param {number} port
 * @param {string} [directory]
 */
async function startHaproxy(name, config, port, directory = join(folder, name)) {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, 'haproxy.cfg');
  if (config !== undefined) writeFileSync(file, config);
  const log = openSync(join(folder, `${name}.log`), 'w');
  const child = spawn(values.haproxy, ['-db', '-f', file], { stdio: ['ignore', log, log] });
  const pid = child.pid ?? 0;
  started.push({
    pid,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  });
  const end = Date.now() + 10_000;
  while (!(await isOpen(port))) {
    if (child.exitCode !== null || Date.now() > end) {
      throw new Error(`${name} does not start: ${readFileSync(join(folder, `${name}.log`), 'utf8')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { pid };
}

/** @param {number} port @param {number} pid of the HAProxy that is measured; 0 for none */
async function measure(port, pid) {
  const host = `app-${Math.floor(routes / 2)}.localhost`;
  const args = [
    '-t1',
    `-c${values.connections}`,
    `-d${values.seconds}s`,
    '--latency',
    '-H',
    `Host: ${host}`,
    `http://127.0.0.1:${port}/parse`,
  ];
  const before = cpuSeconds(pid);
  const wrk = spawn(values.wrk, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  wrk.stdout.on('data', (chunk) => {
    text += chunk;
  });
  const [code] = await once(wrk, 'close');
  const cpu = cpuSeconds(pid) - before;
  const requests = Number(/(\d+) requests in/.exec(text)?.[1]);
  if (code !== 0 || !requests || /Non-2xx|Socket errors/.test(text)) throw new Error(`wrk failed:\n${text}`);
  const rate = Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1]);
  return { rate, cpu: (cpu / requests) * 1e6, p99: /99%\s+(\S+)/.exec(text)?.[1] ?? '' };
}

/** @param {Map<string, { rate: number, cpu: number, p99: string }[]>} results @param {{ idleMb: number, loadedMb: number }} memory */
function report(results, { idleMb, loadedMb }) {
  const version = spawnSync(values.haproxy, ['-v'], { encoding: 'utf8' }).stdout.split('\n')[0];
  const lines = [
    `${version}; ${threads} threads, ${values.connections} connections, ${routes} routes, ${rounds} rounds of ${values.seconds} s`,
    '',
  ];
  lines.push('| | requests/s, each round | median | CPU µs a request | p99 |', '|---|---|---|---|---|');
  for (const [name, all] of results) {
    const cpu = name === 'direct' ? '–' : median(all.map((each) => each.cpu)).toFixed(1);
    const each = all.map(({ rate }) => `${(rate / 1000).toFixed(1)}k`).join(', ');
    lines.push(`| ${name} | ${each} | ${Math.round(median(all.map(({ rate }) => rate)))} | ${cpu} | ${all.at(-1)?.p99} |`);
  }
  const all = (/** @type {string} */ name) => results.get(name) ?? [];
  // round by round, so that what else the machine does weighs on both alike
  const ratio = median(all('Berth').map(({ rate }, i) => rate / (all('bare HAProxy')[i]?.rate ?? 1)));
  const cpu = (/** @type {string} */ name) => Math.min(...all(name).map((each) => each.cpu));
  const [least, most] = [cpu('bare HAProxy'), cpu('Berth')].map((each) => each.toFixed(1));
  lines.push(
    '',
    `Berth / bare HAProxy: ${percent(ratio)} of the requests/s (target ${percent(TARGET)}), median of the rounds' ratios`,
  );
  lines.push(`least CPU of a round: ${least} µs a request bare, ${most} µs with Berth's configuration`);
  lines.push(`HAProxy with Berth's configuration: ${idleMb} MB idle, ${loadedMb} MB after the load (PSS)`);
  process.stdout.write(`${lines.join('\n')}\n`);
  if (ratio < TARGET) process.exitCode = 1;
}

/** @param {number} share */
function percent(share) {
  return `${(share * 100).toFixed(0)} %`;
}

/** @param {number[]} numbers */
function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** @param {number} pid @returns {number} user and system time of a process */
function cpuSeconds(pid) {
  if (pid === 0) return 0;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** @param {number} pid */
function pssMb(pid) {
  const kb = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
  return Math.round(Number(kb) / 1024);
}

/** @param {number} count @returns {Promise<number[]>} */
async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => /** @type {import('node:net').AddressInfo} */ (server.address()).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** @param {number} port @returns {Promise<boolean>} */
function isOpen(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
