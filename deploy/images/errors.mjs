// @ts-check
/**
 * Every way an image build can fail, each with a stable `code` and an `action`: the sentence that tells the operator what to do.
 * `output` holds the last lines of the command that failed, oldest first (empty when none ran).
 */
export class ImageBuildError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {string} action
   * @param {{ output?: string[], cause?: unknown }} [more]
   */
  constructor(code, message, action, more = {}) {
    super(message, { cause: more.cause });
    this.name = new.target.name;
    this.code = code;
    this.action = action;
    this.output = more.output ?? [];
  }
}

export class DockerMissing extends ImageBuildError {
  constructor() {
    super('DOCKER_MISSING', 'The docker command was not found.', 'Install Docker Engine: apt-get install docker.io');
  }
}

export class DockerUnreachable extends ImageBuildError {
  /** @param {string[]} output */
  constructor(output) {
    const denied = output.some((line) => /permission denied/i.test(line));
    super(
      'DOCKER_UNREACHABLE',
      denied ? 'This user may not use the Docker Engine.' : 'The Docker Engine does not answer.',
      denied
        ? 'Run as root, or add the user to the group "docker" and log in again.'
        : 'Start it (systemctl start docker, or dockerd) and try again.',
      { output },
    );
  }
}

export class MmdebstrapMissing extends ImageBuildError {
  constructor() {
    super(
      'MMDEBSTRAP_MISSING',
      'Debian’s base image cannot be pulled here, and mmdebstrap, which makes it from packages, is not installed.',
      'Install it: apt-get install mmdebstrap',
    );
  }
}

export class MirrorUnreachable extends ImageBuildError {
  /** @param {string} suite @param {string[]} mirrors @param {string[]} [output] */
  constructor(suite, mirrors, output = []) {
    super(
      'MIRROR_UNREACHABLE',
      `No Debian mirror with the suite "${suite}" answers${mirrors.length ? ` (tried: ${mirrors.join(', ')})` : ''}.`,
      'Check the network and the proxy in the apt settings (apt-get update must work), or name a mirror in BERTH_DEBIAN_MIRROR.',
      { output },
    );
  }
}

export class KeyringMissing extends ImageBuildError {
  /** @param {string} suite @param {string[]} output */
  constructor(suite, output) {
    super(
      'KEYRING_MISSING',
      `Debian’s signing keys on this machine do not cover the suite "${suite}".`,
      'Install the newest ones: apt-get update && apt-get install debian-archive-keyring',
      { output },
    );
  }
}

export class DiskFull extends ImageBuildError {
  /** @param {string[]} output */
  constructor(output) {
    super(
      'DISK_FULL',
      'There is no space left on the disk.',
      'Free some: the builds need about 4 GB in Docker’s data folder and the cache folder together.',
      { output },
    );
  }
}

export class DownloadFailed extends ImageBuildError {
  /** @param {string} what @param {string[]} output */
  constructor(what, output) {
    super('DOWNLOAD_FAILED', `${what} could not be downloaded.`, 'Check the network and the proxy settings, then try again.', {
      output,
    });
  }
}

export class IntegrityMismatch extends ImageBuildError {
  /** @param {string} what @param {string} expected @param {string} actual */
  constructor(what, expected, actual) {
    super(
      'INTEGRITY_MISMATCH',
      `${what} is not the file that was pinned: expected ${expected}, got ${actual}.`,
      'Do not use it. Check which registry npm is set to, then try again.',
    );
  }
}

export class BuildFailed extends ImageBuildError {
  /** @param {string} what @param {string[]} output @param {unknown} [cause] */
  constructor(what, output, cause) {
    super('BUILD_FAILED', `${what} failed.`, 'The last lines above say why; nothing was left behind, a retry starts over.', {
      output,
      cause,
    });
  }
}

export class Interrupted extends ImageBuildError {
  constructor() {
    super('INTERRUPTED', 'The build was interrupted.', 'Nothing half-made was left behind; start it again when you like.');
  }
}
