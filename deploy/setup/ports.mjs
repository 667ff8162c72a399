// @ts-check

import { portHolder } from '../lib/port-holder.mjs';
import { SetupError } from '../lib/setup-error.mjs';

/**
 * The ports that Berth listens on, by the setting that names each.
 * @param {import('../lib/settings.mjs').SetupSettings} settings
 * @returns {{ setting: string, port: number, use: string }[]}
 */
export function neededPorts({ values, mongodbUrl, redisUrl }) {
  const ports = [
    { setting: 'BERTH_GATEWAY_PORT', use: 'the gateway' },
    { setting: 'BERTH_API_PORT', use: 'the API and the console' },
    { setting: 'BERTH_WORKER_PORT', use: 'the worker' },
    { setting: 'BERTH_AGENT_PORT', use: 'the node agent' },
    { setting: 'BERTH_GATEWAY_SERVICE_PORT', use: 'the gateway service' },
    { setting: 'BERTH_ACTIVATOR_PORT', use: 'the activator' },
    ...(mongodbUrl ? [] : [{ setting: 'BERTH_MONGODB_PORT', use: 'the embedded MongoDB' }]),
    ...(redisUrl ? [] : [{ setting: 'BERTH_REDIS_PORT', use: 'the local Redis' }]),
  ];
  return ports.map(({ setting, use }) => ({ setting, use, port: Number(values[/** @type {keyof typeof values} */ (setting)]) }));
}

/**
 * @param {{ setting: string, port: number, use: string }[]} ports
 * @param {(pid: number | undefined) => boolean} isOurs whether a holder is a part of this installation that still runs
 * @throws {SetupError} which names each taken port and who holds it
 */
export function checkPorts(ports, isOurs) {
  const double = ports.find(({ port }, index) => ports.findIndex((other) => other.port === port) !== index);
  if (double)
    throw new SetupError(`${double.setting}: port ${double.port} is used by another setting too.`, 'Give each its own port.');
  const taken = ports
    .map((each) => ({ ...each, holder: portHolder(each.port) }))
    .filter(({ holder }) => holder !== undefined && !isOurs(holder.pid));
  if (taken.length === 0) return;
  const lines = taken.map(({ port, use, holder }) => {
    const who =
      holder?.pid === undefined ? 'a process that cannot be seen from here' : `process ${holder.pid} (${holder.command})`;
    return `Port ${port}, meant for ${use}, is held by ${who}.`;
  });
  throw new SetupError(
    lines.join('\n  '),
    `End that program, or choose another port: ${taken.map(({ setting }) => `${setting}=…`).join(' ')} npm start`,
  );
}
