// @ts-check
import { readFile } from 'node:fs/promises';
import { BuildFailed, DiskFull, DockerMissing, DockerUnreachable } from './errors.mjs';
import { interruptible } from './interrupt.mjs';
import { withLock } from './lock.mjs';
import { CommandFailed, CommandMissing, run } from './run.mjs';

/** Images and containers of an unfinished build carry this label, so that the next one can remove what a killed one left. */
export const BUILD_LABEL = 'berth.build';

/**
 * Runs the docker command line. Its failures become the errors of `errors.mjs`; what only this command knows stays a `CommandFailed`.
 * @param {string[]} args
 * @param {import('./run.mjs').RunOptions} [options]
 * @returns {Promise<string>} standard output
 */
export async function docker(args, options) {
  try {
    return await run('docker', args, options);
  } catch (error) {
    throw dockerError(error);
  }
}

/** @param {unknown} error @returns {unknown} */
export function dockerError(error) {
  if (error instanceof CommandMissing && error.command === 'docker') return new DockerMissing();
  if (!(error instanceof CommandFailed)) return error;
  const output = error.lastLines;
  if (output.some((line) => /no space left on device/i.test(line))) return new DiskFull(output);
  if (output.some((line) => /cannot connect to the docker daemon|docker daemon socket|is the docker daemon running/i.test(line)))
    return new DockerUnreachable(output);
  return error;
}

/**
 * @param {string} reference
 * @returns {Promise<boolean>}
 */
export async function imageExists(reference) {
  try {
    await docker(['image', 'inspect', '--format', '{{.Id}}', reference], { timeoutMs: 20_000 });
    return true;
  } catch (error) {
    if (error instanceof CommandFailed && error.lastLines.some((line) => /no such image/i.test(line))) return false;
    if (error instanceof CommandFailed && error.timedOut) throw new DockerUnreachable(error.lastLines);
    throw error;
  }
}

/**
 * Builds an image from a Dockerfile, unless the tag is there already (tags are content-addressed: same tag, same image).
 * Safe to be called by several processes at once. Leaves nothing behind when it fails.
 * @param {object} spec
 * @param {string} spec.context folder that is sent to the engine
 * @param {string} spec.dockerfile path of the Dockerfile (anywhere)
 * @param {string} spec.tag
 * @param {Record<string, string>} [spec.buildArgs]
 * @param {Record<string, string>} [spec.labels]
 * @param {'none' | 'default' | 'host'} [spec.network] of the RUN steps; default `none`: what an image needs is in its base or context
 * @param {(line: string) => void} [spec.progress]
 * @returns {Promise<string>} the tag
 */
export async function buildImage({ context, dockerfile, tag, buildArgs = {}, labels = {}, network = 'none', progress }) {
  if (await imageExists(tag)) return tag;
  return interruptible(() => withLock(tag, build, { onWait: () => progress?.(`waiting for another build of ${tag}`) }));

  async function build() {
    if (await imageExists(tag)) return tag;
    const options = [
      ...Object.entries(buildArgs).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
      ...Object.entries(labels).flatMap(([name, value]) => ['--label', `${name}=${value}`]),
    ];
    const args = ['build', '--force-rm', '--network', network, '--tag', tag, ...options, '--file', '-', context];
    const env = { ...process.env, DOCKER_BUILDKIT: (await hasBuildx()) ? '1' : '0', BUILDKIT_PROGRESS: 'plain' };
    try {
      await docker(args, { input: labelled(await readFile(dockerfile, 'utf8'), tag), env, onLine: progress });
      return tag;
    } catch (error) {
      throw error instanceof CommandFailed ? new BuildFailed(`Building the image ${tag}`, error.lastLines, error) : error;
    } finally {
      await removeLeftovers(tag);
    }
  }
}

/**
 * Removes containers and untagged images that an unfinished build of `tag` left. Call it only while holding the tag's lock.
 * @param {string} tag
 */
export async function removeLeftovers(tag) {
  const label = `label=${BUILD_LABEL}=${tag}`;
  const clean = { uninterrupted: true, timeoutMs: 60_000 };
  try {
    const containers = await docker(['ps', '--all', '--quiet', '--filter', label], clean);
    if (containers) await docker(['rm', '--force', '--volumes', ...containers.split('\n')], clean);
    await docker(['image', 'prune', '--force', '--filter', label], clean);
  } catch {
    // the error that brought us here says more than this one
  }
}

/**
 * Removes an image by its tag, if it is there and nothing uses it.
 * @param {string} tag
 */
export async function removeImage(tag) {
  try {
    await docker(['image', 'rm', tag], { timeoutMs: 120_000 });
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
  }
}

/** Puts the build label at the top of each stage: the layers of a build that fails half-way carry it too. @param {string} dockerfile @param {string} tag */
function labelled(dockerfile, tag) {
  return dockerfile.replace(/^FROM .*$/gim, (from) => `${from}\nLABEL ${BUILD_LABEL}=${tag}`);
}

/** @type {Promise<boolean> | undefined} */
let buildx;

/** Debian's docker.io comes without buildx, and then wants the classic builder. */
function hasBuildx() {
  buildx ??= run('docker', ['buildx', 'version']).then(
    () => true,
    () => false,
  );
  return buildx;
}
