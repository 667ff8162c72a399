// @ts-check
// The supervisor's process: node deploy/supervisor/main.mjs [--journal], with BERTH_HOME in its environment.
import { rmSync } from 'node:fs';
import { dockerEngine } from '../lib/docker.mjs';
import { writeWhole } from '../lib/files.mjs';
import { homeLayout } from '../lib/home.mjs';
import { identify, isAlive } from '../lib/process-identity.mjs';
import { sleep } from '../lib/wait.mjs';
import { formatLogLine } from '../terminal/format-log-line.mjs';
import { serveControl } from './control-server.mjs';
import { platformParts } from './parts.mjs';
import { readPlatform } from './platform.mjs';
import { readPidFile } from './process-runner.mjs';
import { rotateLogs } from './rotate-logs.mjs';
import { stopRuntimes } from './stop-runtimes.mjs';
import { Supervisor } from './supervisor.mjs';
import { supervisorLog } from './supervisor-log.mjs';

/** Exit code that asks systemd for a new supervisor beside the running parts. */
const HANDED_OVER = 75;

const home = homeLayout(process.env.BERTH_HOME ?? '/var/lib/berth');
const journal = process.argv.includes('--journal');
const platform = readPlatform(home);
const say = supervisorLog(home.log('supervisor'), {
  also: journal ? (line) => console.log(formatLogLine('supervisor', line)) : undefined,
});
const docker = dockerEngine(platform.dockerSocket);
const { installationId } = platform;
const supervisor = new Supervisor({
  groups: platformParts(platform),
  stopRuntimes: (tell) => stopRuntimes({ agentSocket: home.agentSocket, docker, installationId }, tell),
  say,
});

/** @type {Promise<void> | undefined} */
let stopping;
const listeners = new Set();
/** @param {(message: string) => void} [progress] */
function stop(progress) {
  if (progress) listeners.add(progress);
  stopping ??= supervisor.stop((message) => {
    for (const listener of listeners) listener(message);
  });
  return stopping;
}

/** @param {number} code */
function leave(code) {
  rmSync(home.supervisorSocket, { force: true });
  if (code === HANDED_OVER) writePidFile({ handedOver: true });
  else rmSync(home.pidFile('supervisor'), { force: true });
  process.exit(code);
}

/** @param {object} [more] */
function writePidFile(more) {
  writeWhole(home.pidFile('supervisor'), JSON.stringify({ ...identify(process.pid), ...more }), { mode: 0o600 });
}

/** Two that begin at the same moment both write; the file then names one of them, and the other goes. */
async function becomeTheOnlyOne() {
  const other = readPidFile(home.pidFile('supervisor'));
  if (!other || !isAlive(other)) {
    writePidFile();
    await sleep(100);
  }
  const chosen = readPidFile(home.pidFile('supervisor'));
  if (chosen?.pid === process.pid) return;
  say('info', 'another supervisor runs already', { pid: chosen?.pid });
  process.exit(0);
}

await becomeTheOnlyOne();
await serveControl(home.supervisorSocket, {
  status: () => ({ ...supervisor.status(), installationId, release: platform.release }),
  stop: async (progress) => {
    await stop(progress);
    setTimeout(() => leave(0), 100);
  },
  handover: () => {
    supervisor.leave();
    leave(HANDED_OVER);
  },
});
for (const signal of /** @type {const} */ (['SIGTERM', 'SIGINT'])) process.on(signal, () => void stop().then(() => leave(0)));
process.on('SIGHUP', () => {});
setInterval(
  () => void rotateLogs(home.logs).catch((error) => say('warn', `logs could not be rotated: ${error.message}`)),
  30_000,
);

say('info', 'supervisor started', { pid: process.pid, release: platform.release });
await supervisor.start();
if (supervisor.phase === 'running') say('info', 'everything is ready');
