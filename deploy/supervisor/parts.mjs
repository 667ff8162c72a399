// @ts-check
import { join } from 'node:path';
import { run } from '../images/run.mjs';
import { homeLayout } from '../lib/home.mjs';
import { answersOk } from '../lib/http.mjs';
import { answersHello } from '../mongodb/hello.mjs';
import { mongodbRunner } from './mongodb-runner.mjs';
import { fingerprint } from './part.mjs';
import { portAnswers, redisAnswers } from './probes.mjs';
import { processRunner } from './process-runner.mjs';

/** Small young generations cost a little CPU and save tens of megabytes in a process that mostly idles. */
const NODE_FLAGS = ['--max-semi-space-size=4'];

/**
 * All parts of the platform on one machine, in the order they start: groups one after the other.
 * @param {import('./platform.mjs').Platform} platform
 * @returns {import('./part.mjs').Part[][]}
 */
export function platformParts(platform) {
  const stores = [platform.mongodb && mongodb(platform, platform.mongodb), platform.redis && redis(platform, platform.redis)];
  const { addresses } = platform;
  return [
    stores.filter((part) => part !== null),
    [nodeProcess(platform, { name: 'api', heapMb: 384, address: addresses.api })],
    [
      nodeProcess(platform, { name: 'node-agent', heapMb: 256, address: addresses.agent, asRoot: true }),
      nodeProcess(platform, { name: 'worker', heapMb: 384, address: addresses.worker }),
      // each is ready only with the other
      nodeProcess(platform, { name: 'gateway', heapMb: 256, address: addresses.gatewayService }),
      haproxy(platform),
    ],
  ];
}

/**
 * @param {import('./platform.mjs').Platform} platform
 * @param {{ name: string, heapMb: number, address: string, asRoot?: boolean }} process
 * @returns {import('./part.mjs').Part}
 */
function nodeProcess(platform, { name, heapMb, address, asRoot }) {
  const home = homeLayout(platform.homePath);
  const args = [...NODE_FLAGS, `--max-old-space-size=${heapMb}`, join(platform.release, `${name}.js`)];
  const env = platform.environment;
  const user = asRoot ? undefined : platform.user;
  const mark = fingerprint([platform.node, args, env, user, platform.generation]);
  const files = { logFile: home.log(name), pidFile: home.pidFile(name) };
  return {
    name,
    fingerprint: mark,
    runner: processRunner({ command: platform.node, args, env, cwd: platform.release, user, fingerprint: mark, ...files }),
    ready: () => answersOk(`${address}/health/ready`),
    live: () => answersOk(`${address}/health/live`, 5000),
  };
}

/**
 * @param {import('./platform.mjs').Platform} platform
 * @param {NonNullable<import('./platform.mjs').Platform['mongodb']>} spec
 * @returns {import('./part.mjs').Part}
 */
function mongodb(platform, spec) {
  return {
    name: 'mongodb',
    fingerprint: '',
    runner: mongodbRunner({ socket: platform.dockerSocket, spec, logFile: homeLayout(platform.homePath).log('mongodb') }),
    ready: () => answersHello({ host: '127.0.0.1', port: spec.port }),
    stopSeconds: 60,
  };
}

/**
 * @param {import('./platform.mjs').Platform} platform
 * @param {NonNullable<import('./platform.mjs').Platform['redis']>} redis
 * @returns {import('./part.mjs').Part}
 */
function redis(platform, { port, command, configFile, password }) {
  const home = homeLayout(platform.homePath);
  const args = [configFile];
  const env = hostEnvironment(platform);
  const mark = fingerprint([command, args, port, password]);
  const files = { logFile: home.log('redis'), pidFile: home.pidFile('redis') };
  return {
    name: 'redis',
    fingerprint: mark,
    runner: processRunner({ command, args, env, cwd: home.redis, user: platform.user, fingerprint: mark, ...files }),
    ready: () => redisAnswers(port, password),
    stopSeconds: 30,
  };
}

/** @param {import('./platform.mjs').Platform} platform @returns {import('./part.mjs').Part} */
function haproxy(platform) {
  const home = homeLayout(platform.homePath);
  // a file descriptor for each connection: as many as this machine lets us have
  const args = ['-c', 'ulimit -n "$(ulimit -Hn)"; exec "$@"', 'haproxy', platform.haproxy, '-W', '-db', '-f', home.haproxyConfig];
  const env = hostEnvironment(platform);
  const mark = fingerprint([args, platform.addresses.gateway]);
  const files = { logFile: home.log('haproxy'), pidFile: home.pidFile('haproxy') };
  const prepare = () => renderHaproxyConfig(platform);
  return {
    name: 'haproxy',
    fingerprint: mark,
    runner: processRunner({
      command: '/bin/sh',
      args,
      env,
      cwd: home.gateway,
      user: platform.user,
      fingerprint: mark,
      prepare,
      ...files,
    }),
    ready: () => portAnswers(new URL(platform.addresses.gateway).hostname, Number(new URL(platform.addresses.gateway).port)),
    stopSeconds: 10,
  };
}

/**
 * The gateway's own code writes HAProxy's configuration, and map files where there are none yet.
 * @param {import('./platform.mjs').Platform} platform
 */
export async function renderHaproxyConfig(platform) {
  const { uid, gid } = platform.user;
  const asUser = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--'];
  await run('setpriv', [...asUser, platform.node, join(platform.release, 'render.js')], {
    env: platform.environment,
    timeoutMs: 20_000,
  });
}

/** @param {import('./platform.mjs').Platform} platform @returns {Record<string, string>} what programs that are not Berth's may see */
function hostEnvironment({ environment }) {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => ['PATH', 'LANG', 'TZ'].includes(name)));
}
