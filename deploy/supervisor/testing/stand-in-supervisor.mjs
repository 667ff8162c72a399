// @ts-check
// The supervisor over stand-ins: node stand-in-supervisor.mjs CONFIG, a JSON file with { folder, groups: [[{ name, port, version?, args? }]] }.
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answersOk } from '../../lib/http.mjs';
import { serveControl } from '../control-server.mjs';
import { fingerprint } from '../part.mjs';
import { processRunner } from '../process-runner.mjs';
import { Supervisor } from '../supervisor.mjs';
import { supervisorLog } from '../supervisor-log.mjs';

const STAND_IN = fileURLToPath(new URL('stand-in.mjs', import.meta.url));
const { folder, groups } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const orderFile = join(folder, 'order');

/** @param {{ name: string, port: number, version?: number, args?: string[] }} standIn @returns {import('../part.mjs').Part} */
function part({ name, port, version = 1, args = [STAND_IN, name, String(port), orderFile] }) {
  const mark = fingerprint([name, port, version]);
  const files = { logFile: join(folder, `${name}.log`), pidFile: join(folder, `${name}.pid`) };
  return {
    name,
    fingerprint: mark,
    runner: processRunner({ command: process.execPath, args, env: {}, cwd: folder, fingerprint: mark, ...files }),
    ready: () => answersOk(`http://127.0.0.1:${port}/health/ready`, 300),
    live: () => answersOk(`http://127.0.0.1:${port}/health/live`, 300),
    hungAfterMs: 1500,
    stopSeconds: 3,
  };
}

const supervisor = new Supervisor({
  groups: groups.map((/** @type {any[]} */ group) => group.map(part)),
  stopRuntimes: async (tell) => {
    appendFileSync(orderFile, 'runtimes\n');
    tell('runtimes: stopped');
  },
  say: supervisorLog(join(folder, 'supervisor.log')),
});
await serveControl(join(folder, 'control.sock'), {
  status: () => supervisor.status(),
  stop: async (progress) => {
    await supervisor.stop(progress);
    setTimeout(() => process.exit(0), 50);
  },
  handover: () => {
    supervisor.leave();
    process.exit(75);
  },
});
await supervisor.start();
