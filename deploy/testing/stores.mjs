// @ts-check
import { spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { chownSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { readJson } from '../lib/files.mjs';
import { identify, isAlive, signalProcess } from '../lib/process-identity.mjs';
import { waitFor } from '../lib/wait.mjs';
import { removeMongodb, startMongodb, waitUntilMongodbReady } from '../mongodb/container.mjs';
import { redisAnswers } from '../supervisor/probes.mjs';
import { freePorts } from './free-ports.mjs';

const MONGODB_USER = 27017;

const PARENT = '/var/tmp';
const PREFIX = 'berth-stores-';
const OWNER = 'owner.json';

/**
 * A MongoDB and a Redis for the integration tests. Each test file uses a database (`dbName`) and a key prefix of its own name.
 * @param {string} mongodbImage
 * @returns {Promise<{ mongodbUrl: string, redisUrl: string, stop: () => Promise<void> }>}
 */
export async function startTestStores(mongodbImage) {
  const folder = await mkdtemp(join(PARENT, PREFIX));
  const { mongodb: mongodbPort, redis: redisPort } = await freePorts(['mongodb', 'redis']);
  const password = randomBytes(12).toString('hex');
  const id = `test${randomInt(36 ** 6)
    .toString(36)
    .padStart(6, '0')}`;
  const passwordFile = join(folder, 'mongodb-password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  chownSync(passwordFile, MONGODB_USER, MONGODB_USER);
  writeFileSync(join(folder, OWNER), JSON.stringify({ ...identify(process.pid), id }));
  mkdirSync(join(folder, 'redis'));
  const options = [
    '--port',
    String(redisPort),
    '--bind',
    '127.0.0.1',
    '--dir',
    join(folder, 'redis'),
    '--save',
    '',
    '--requirepass',
    password,
  ];
  const redis = spawn('redis-server', options, { stdio: 'ignore' });
  writeFileSync(join(folder, 'redis.pid'), JSON.stringify(identify(redis.pid ?? 0) ?? {}));
  const ref = mongodbRef(id);
  const stop = () => removeStores(folder);
  try {
    await startMongodb({ ...ref, image: mongodbImage, dataDir: join(folder, 'mongodb'), passwordFile, port: mongodbPort });
    await waitUntilMongodbReady({ ...ref, port: mongodbPort });
    if (!(await waitFor(() => redisAnswers(redisPort, password), { timeoutMs: 10_000 })))
      throw new Error('Redis for the tests did not start.');
  } catch (error) {
    await stop();
    throw error;
  }
  const mongodbUrl = `mongodb://berth:${password}@127.0.0.1:${mongodbPort}/?authSource=admin`;
  return { mongodbUrl, redisUrl: `redis://:${password}@127.0.0.1:${redisPort}`, stop };
}

/** Removes what test runs left that were killed. */
export async function removeLeftTestStores() {
  for (const name of readdirSync(PARENT).filter((each) => each.startsWith(PREFIX))) {
    const owner = readJson(join(PARENT, name, OWNER), /** @type {any} */ (undefined));
    if (owner && !isAlive(owner)) await removeStores(join(PARENT, name));
  }
}

/** @param {string} folder */
async function removeStores(folder) {
  const redis = readJson(join(folder, 'redis.pid'), /** @type {any} */ ({}));
  if (redis.pid && signalProcess(redis, 'SIGTERM')) await waitFor(() => !isAlive(redis), { timeoutMs: 5000 });
  await removeMongodb(mongodbRef(readJson(join(folder, OWNER), /** @type {any} */ ({})).id));
  rmSync(folder, { recursive: true, force: true });
}

/** @param {string} id */
function mongodbRef(id) {
  return { name: `berth-${id}-mongodb`, installationId: id };
}
