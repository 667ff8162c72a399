// @ts-check
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../images/run.mjs';
import { dockerEngine } from '../lib/docker.mjs';
import { fetchText } from '../lib/http.mjs';
import { belongsTo, ourProcesses } from '../lib/our-processes.mjs';
import { portHolder } from '../lib/port-holder.mjs';
import { isAlive } from '../lib/process-identity.mjs';
import { readInstallation } from '../setup/installation.mjs';
import { mongodbName } from '../setup/make-platform.mjs';
import { neededPorts } from '../setup/ports.mjs';
import { supervisorStatus } from '../supervisor/control-client.mjs';
import { platformParts } from '../supervisor/parts.mjs';
import { readPidFile } from '../supervisor/process-runner.mjs';
import { ok, warning, wrong } from './finding.mjs';

/** @param {import('../lib/home.mjs').Home} home @param {import('../supervisor/platform.mjs').Platform} platform */
export function checkSecrets(home, { user }) {
  const owners = { 'root.key': [user.uid], 'setup-token': [user.uid], 'mongodb-password': [0, 27017], 'redis-password': [0] };
  const findings = Object.entries(owners).flatMap(([name, allowed]) => {
    const path = home.secret(name);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats)
      return [
        wrong(
          'secrets',
          `${path} is gone`,
          name === 'root.key'
            ? 'Put it back from your backup: nothing else opens the sealed secrets.'
            : 'npm run restart makes a new one.',
        ),
      ];
    const mode = (stats.mode & 0o777).toString(8);
    if (mode !== '600') return [wrong('secrets', `${path} has mode ${mode}`, `chmod 600 ${path}`)];
    if (!allowed.includes(stats.uid))
      return [wrong('secrets', `${path} belongs to user ${stats.uid}`, `chown ${allowed[0]}:${allowed[0]} ${path}`)];
    return [];
  });
  return findings.length > 0 ? findings : ok('secrets', 'there, and closed to others');
}

/** @param {import('../lib/home.mjs').Home} home */
export async function checkSupervisor(home) {
  const status = await supervisorStatus(home.supervisorSocket);
  if (status) return ok('supervisor', `pid ${status.pid}, ${status.phase}`);
  const known = readPidFile(home.pidFile('supervisor'));
  if (known && isAlive(known))
    return wrong(
      'supervisor',
      `pid ${known.pid} does not answer`,
      `kill -9 ${known.pid}, then npm start: everything else goes on meanwhile.`,
    );
  const others = [...ourProcesses(home).values()].filter((name) => name !== 'dockerd');
  const found = others.length > 0 ? `does not run, but ${others.join(', ')} do` : 'does not run';
  return wrong('supervisor', found, 'npm start');
}

/**
 * Each part by its own probe, whether or not a supervisor runs.
 * @param {import('../lib/home.mjs').Home} home
 * @param {import('../supervisor/platform.mjs').Platform} platform
 */
export async function checkParts(home, platform) {
  const status = await supervisorStatus(home.supervisorSocket);
  const nothingRuns = !status && ![...ourProcesses(home).values()].some((name) => name !== 'dockerd');
  if (nothingRuns) return []; // said by the look at the supervisor
  const { api, worker, agent, gatewayService } = platform.addresses;
  const health = /** @type {Record<string, string>} */ ({ api, worker, 'node-agent': agent, gateway: gatewayService });
  return Promise.all(
    platformParts(platform)
      .flat()
      .map(async ({ name, ready }) => {
        const kept = status?.parts.find((part) => part.name === name);
        const restarts = kept?.restarts ? `, restarted ${kept.restarts} times` : '';
        if (await ready())
          return kept && kept.restarts > 3
            ? warning(name, `ready${restarts}`, `See why it ended: ${home.log(name)}`)
            : ok(name, `ready${restarts}`);
        const reason = health[name] ? await whyNotReady(health[name]) : 'does not answer';
        return wrong(
          name,
          `${reason}${restarts}`,
          `Its log: ${home.log(name)}. If it does not come back by itself: npm run restart`,
        );
      }),
  );
}

/** @param {string} address */
async function whyNotReady(address) {
  try {
    const { status, text } = await fetchText(`${address}/health/ready`);
    const { parts = {} } = JSON.parse(text);
    const broken = Object.entries(parts).filter(([, state]) => state !== 'ok');
    return broken.length > 0 ? broken.map(([part, state]) => `${part}: ${state}`).join(', ') : `not ready (HTTP ${status})`;
  } catch {
    return 'does not answer';
  }
}

/** @param {import('../lib/home.mjs').Home} home */
export async function checkGatewayFiles(home) {
  if (!existsSync(home.haproxyConfig))
    return wrong('HAProxy’s configuration', `${home.haproxyConfig} is not there`, 'npm run restart writes it.');
  const check = await run('haproxy', ['-c', '-q', '-f', home.haproxyConfig], { cwd: home.gateway, timeoutMs: 20_000 }).then(
    () => undefined,
    (error) => error.message.split('\n').slice(1, 3).join(' '),
  );
  if (check !== undefined) return wrong('HAProxy’s configuration', check, 'npm run restart writes it anew.');
  const maps = readdirSync(home.gateway, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.map'));
  const lines = maps.map((name) => `${name} ${statSync(join(home.gateway, name)).size} bytes`);
  return ok('HAProxy’s configuration', `valid; ${maps.length} maps${lines.length > 0 ? ` (${lines.join(', ')})` : ''}`);
}

/** @param {import('../lib/settings.mjs').SetupSettings} settings */
export async function checkPortsFree(settings) {
  const { home, values } = settings;
  const ours = ourProcesses(home);
  const mongodb = await dockerEngine(values.BERTH_DOCKER_SOCKET)
    .inspect(mongodbName(readInstallation(settings).id))
    .catch(() => undefined);
  const findings = neededPorts(settings).flatMap(({ setting, port, use }) => {
    const holder = portHolder(port);
    if (!holder || (holder.pid !== undefined && belongsTo(holder.pid, ours))) return [];
    if (setting === 'BERTH_MONGODB_PORT' && mongodb?.State.Running) return [];
    const who = holder.pid === undefined ? 'a process that cannot be seen' : `process ${holder.pid} (${holder.command})`;
    return [wrong('ports', `${port}, meant for ${use}, is held by ${who}`, `End it, or set ${setting} to another port.`)];
  });
  return findings.length > 0 ? findings : ok('ports', 'none is taken by others');
}
