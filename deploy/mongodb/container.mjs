// @ts-check
import { createHash } from 'node:crypto';
import { chown, mkdir, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { docker } from '../images/docker-image.mjs';
import { ImageBuildError } from '../images/errors.mjs';
import { CommandFailed } from '../images/run.mjs';
import { answersHello } from './hello.mjs';

/** The container's user where the data folder would belong to root, which PostgreSQL refuses to run as. */
const OWN_UID = 27017;
const STOP_TIMEOUT_S = 30;
/** The entry point's exit code for what a restart does not mend. */
const EXIT_NEEDS_MENDING = 78;
const MAX_RESTARTS = 4;

/**
 * @typedef {object} MongodbSpec
 * @property {string} name of the container
 * @property {string} installationId becomes the label `berth.installation`; a container that carries another one is never touched
 * @property {string} image what `buildMongodbImage` gave
 * @property {string} dataDir absolute path of a folder of this machine, for this container alone
 * @property {string} passwordFile absolute path; holds the password of the user `berth`; the container's user must be able to read it
 * @property {number} port on 127.0.0.1
 * @property {string} user `uid:gid`, the owner of `dataDir`
 * @property {string} [network] default `bridge`
 * @property {number} [memoryMb] default 512
 *
 * @typedef {{ name: string, installationId: string }} MongodbRef
 * @typedef {{ state: string, exitCode: number, restarts: number, oomKilled: boolean, startedAt: string, image: string, options: string }} MongodbContainer
 *   `state` is Docker's word for it; `options` a hash of what it was made with
 */

/** The container cannot be made, started or reached. `output` holds its last log lines. */
export class MongodbUnavailable extends ImageBuildError {
  /** @param {string} message @param {string} action @param {string[]} [output] */
  constructor(message, action, output) {
    super('MONGODB_UNAVAILABLE', message, action, { output });
  }
}

/**
 * The options of `docker create` or `docker run`, up to the image.
 * @param {MongodbSpec} spec
 * @returns {string[]}
 */
export function mongodbContainer({
  name,
  installationId,
  image,
  dataDir,
  passwordFile,
  port,
  user,
  network = 'bridge',
  memoryMb = 512,
}) {
  const [uid, gid] = user.split(':');
  return [
    `--name=${name}`,
    `--label=berth.installation=${installationId}`,
    `--user=${user}`,
    `--network=${network}`,
    `--publish=127.0.0.1:${port}:27017`,
    bindMount(dataDir, '/data'),
    bindMount(passwordFile, '/run/secrets/mongodb-password', 'readonly'),
    '--read-only',
    '--tmpfs=/tmp:rw,noexec,nosuid,nodev,size=64m',
    `--tmpfs=/run/postgresql:rw,noexec,nosuid,nodev,size=1m,uid=${uid},gid=${gid},mode=0700`,
    '--cap-drop=ALL',
    '--security-opt=no-new-privileges',
    '--pids-limit=256',
    `--memory=${memoryMb}m`,
    `--memory-swap=${memoryMb}m`,
    '--shm-size=64m',
    '--ulimit=core=0',
    '--log-driver=json-file',
    '--log-opt=max-size=5m',
    '--log-opt=max-file=2',
    '--restart=unless-stopped',
    `--stop-timeout=${STOP_TIMEOUT_S}`,
    image,
  ];
}

/**
 * Starts the container; makes it where it is missing, and anew where it was made with other options (image, port, folder, limits). A
 * changed password needs `restartMongodb`. It is not ready yet: see `waitUntilMongodbReady`.
 * @param {Omit<MongodbSpec, 'user'>} spec
 * @returns {Promise<'started' | 'running'>} `running`: it ran already, as specified
 */
export async function startMongodb(spec) {
  const args = mongodbContainer({ ...spec, user: await dataOwner(spec.dataDir) });
  const options = createHash('sha256').update(args.join('\n')).digest('hex').slice(0, 12);
  let found = await inspectMongodb(spec);
  if (found && found.options !== options) {
    await removeMongodb(spec);
    found = undefined;
  }
  if (found?.state === 'running') return 'running';
  if (!found) await command(['create', `--label=berth.options=${options}`, ...args]);
  await command(['start', spec.name]);
  return 'started';
}

/** Stops it in order, with a checkpoint; it stays stopped until `startMongodb`. @param {MongodbRef} ref */
export async function stopMongodb(ref) {
  if (await inspectMongodb(ref)) await command(['stop', `--time=${STOP_TIMEOUT_S}`, ref.name]);
}

/** Stops and starts it, for example to apply a changed password. @param {MongodbRef} ref */
export async function restartMongodb(ref) {
  if (await inspectMongodb(ref)) await command(['restart', `--time=${STOP_TIMEOUT_S}`, ref.name]);
}

/** Stops and removes the container; its data folder stays. @param {MongodbRef} ref */
export async function removeMongodb(ref) {
  await stopMongodb(ref);
  if (await inspectMongodb(ref)) await command(['rm', '--force', '--volumes', ref.name]);
}

/**
 * @param {MongodbRef} ref
 * @returns {Promise<MongodbContainer | undefined>} undefined when there is none
 * @throws {MongodbUnavailable} when the name is another installation's
 */
export async function inspectMongodb({ name, installationId }) {
  const answer = await docker(['container', 'inspect', name], { timeoutMs: 20_000 }).catch((error) => {
    if (error instanceof CommandFailed && error.lastLines.some((line) => /no such container/i.test(line))) return '[]';
    throw error;
  });
  const [container] = JSON.parse(answer);
  if (!container) return undefined;
  const labels = container.Config.Labels ?? {};
  if (labels['berth.installation'] !== installationId)
    throw new MongodbUnavailable(
      `The container "${name}" belongs to another installation (${labels['berth.installation'] ?? 'not Berth’s'}).`,
      'Give this installation another name, or remove that container if it is of no use any more.',
    );
  const { Status: state, ExitCode: exitCode, OOMKilled: oomKilled, StartedAt: startedAt } = container.State;
  const options = labels['berth.options'] ?? '';
  return { state, exitCode, oomKilled, startedAt, restarts: container.RestartCount, image: container.Config.Image, options };
}

/**
 * Waits until it answers MongoDB's `hello`. Whether the password is right, only a log-in tells.
 * @param {MongodbRef & { port: number, timeoutMs?: number }} options default 60 s: after a crash PostgreSQL replays its log first
 * @returns {Promise<void>}
 * @throws {MongodbUnavailable} with the last log lines; at once when it has ended for a reason that a restart does not mend
 */
export async function waitUntilMongodbReady({ name, installationId, port, timeoutMs = 60_000 }) {
  const deadline = Date.now() + timeoutMs;
  const before = (await inspectMongodb({ name, installationId }))?.restarts ?? 0;
  for (let round = 1; !(await answersHello({ host: '127.0.0.1', port })); round++) {
    const container =
      round % 10 === 0 ? await inspectMongodb({ name, installationId }) : { state: 'unknown', exitCode: 0, restarts: 0 };
    if (!container)
      throw new MongodbUnavailable(`The container "${name}" is gone.`, 'Start again: it will be made anew, the data is kept.');
    const late = Date.now() > deadline;
    if (
      late ||
      container.state === 'exited' ||
      container.exitCode === EXIT_NEEDS_MENDING ||
      container.restarts - before >= MAX_RESTARTS
    )
      throw new MongodbUnavailable(
        late ? `MongoDB did not answer within ${timeoutMs / 1000} s.` : 'MongoDB’s container ends again and again.',
        `The lines above are the last of its log (docker logs ${name}); mend what they name and start again.`,
        (await mongodbLogs({ name, installationId })).split('\n'),
      );
    await sleep(25);
  }
}

/**
 * @param {MongodbRef & { lines?: number }} options
 * @returns {Promise<string>} its last log lines
 */
export async function mongodbLogs({ name, installationId, lines = 20 }) {
  if (!(await inspectMongodb({ name, installationId }))) return '';
  return command(['logs', `--tail=${lines}`, name]);
}

/** @param {string} dataDir made when it is missing @returns {Promise<string>} `uid:gid` */
async function dataOwner(dataDir) {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const { uid, gid } = await stat(dataDir);
  if (uid !== 0) return `${uid}:${gid}`;
  await chown(dataDir, OWN_UID, OWN_UID);
  return `${OWN_UID}:${OWN_UID}`;
}

/** @param {string[]} args */
async function command(args) {
  try {
    return await docker(args, { timeoutMs: 120_000 });
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    throw new MongodbUnavailable(`docker ${args[0]} failed.`, 'The lines above say why.', error.lastLines);
  }
}

/** In CSV, as Docker reads it: a path may hold a comma. @param {string} source @param {string} target @param {string} [mode] */
function bindMount(source, target, mode) {
  const fields = ['type=bind', `source=${source}`, `target=${target}`, ...(mode ? [mode] : [])];
  return `--mount=${fields.map((field) => (/[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',')}`;
}
