import { Fatal, Temporary } from '../port/driver-errors';
import type {
  ContainerDetails,
  ContainerEntry,
  EngineEvent,
  EngineInfo,
  Freezer,
  RuntimeDriver,
  RuntimeSpec,
  RuntimeStats,
} from '../port/runtime-driver';
import { buildContainerOptions } from './build-container-options';
import type { EngineCalls } from './engine-calls';
import { watchEngine } from './engine-events';
import { statusOf } from './map-error';
import { containerName, installationLabel } from './names';
import { readInspection, readListing, readLogLines, readStats } from './read-container';

/** The node's own Docker Engine. */
export class DockerDriver implements RuntimeDriver, Freezer {
  /** Containers whose label was seen; it cannot change. */
  private readonly ours = new Set<string>();

  constructor(
    private readonly calls: EngineCalls,
    private readonly installationId: string,
  ) {}

  async engine(): Promise<EngineInfo> {
    const info = await this.calls.run(5, (docker) => docker.info());
    return {
      version: info.ServerVersion,
      cgroup: info.CgroupVersion === '2' ? 2 : 1,
      storageDriver: info.Driver,
      dataFolder: info.DockerRootDir,
    };
  }

  async hasImage(image: string): Promise<boolean> {
    return this.calls.run(5, async (docker) => {
      try {
        await docker.getImage(image).inspect();
        return true;
      } catch (error) {
        if (statusOf(error) === 404) return false;
        throw error;
      }
    });
  }

  async create(spec: RuntimeSpec): Promise<string> {
    const options = buildContainerOptions(this.installationId, spec);
    const id = await this.calls.run(
      30,
      async (docker, abortSignal) => {
        try {
          return (await docker.createContainer({ ...options, abortSignal })).id;
        } catch (error) {
          if (statusOf(error) === 409) return null;
          throw error;
        }
      },
      { image: spec.image },
    );
    if (id) {
      this.ours.add(id);
      return id;
    }
    const existing = await this.inspect(spec.runtimeId);
    if (existing) return existing.id;
    throw new Temporary('RUNTIME_BOOT_FAILED', { reason: `the name ${options.name} is being given up by another container` });
  }

  async start(id: string): Promise<void> {
    await this.assertOurs(id);
    await this.calls.run(30, async (docker, abortSignal) => {
      await docker.getContainer(id).start({ abortSignal }).catch(ignoreStatus(304));
    });
  }

  async stop(id: string, graceSeconds: number): Promise<void> {
    if (!(await this.isOurs(id))) return;
    await this.calls.run(graceSeconds + 15, async (docker, abortSignal) => {
      await docker.getContainer(id).stop({ t: graceSeconds, abortSignal }).catch(ignoreStatus(304, 404));
    });
  }

  async remove(id: string): Promise<void> {
    if (!(await this.isOurs(id))) return;
    await this.calls.run(60, async (docker, abortSignal) => {
      await docker.getContainer(id).remove({ force: true, v: true, abortSignal }).catch(ignoreStatus(404));
    });
    this.ours.delete(id);
  }

  async inspect(runtimeId: string): Promise<ContainerDetails | null> {
    const name = containerName(this.installationId, runtimeId);
    const found = await this.look(name);
    if (!found) return null;
    const details = readInspection(this.installationId, found);
    if (details?.runtimeId !== runtimeId)
      throw new Fatal('RUNTIME_BOOT_FAILED', {
        reason: `a container called ${name} that is not Berth’s is in the way; remove or rename it`,
      });
    this.ours.add(details.id);
    return details;
  }

  async list(): Promise<ContainerEntry[]> {
    const filters = { label: [`${installationLabel}=${this.installationId}`] };
    const found = await this.calls.run(15, (docker, abortSignal) => docker.listContainers({ all: true, filters, abortSignal }));
    const entries = found.flatMap((each) => readListing(this.installationId, each) ?? []);
    for (const entry of entries) this.ours.add(entry.id);
    return entries;
  }

  async stats(id: string): Promise<RuntimeStats> {
    await this.assertOurs(id);
    const stats = await this.calls.run(10, (docker) => docker.getContainer(id).stats({ stream: false, 'one-shot': true }));
    return readStats(stats);
  }

  async logs(id: string, lines: number): Promise<string[]> {
    await this.assertOurs(id);
    const frames = await this.calls.run(10, (docker, abortSignal) =>
      docker.getContainer(id).logs({ follow: false, stdout: true, stderr: true, tail: lines, abortSignal }),
    );
    return readLogLines(frames);
  }

  watch(handle: (event: EngineEvent) => void, signal: AbortSignal): Promise<void> {
    return watchEngine(this.calls, this.installationId, handle, signal);
  }

  async freeze(id: string): Promise<void> {
    await this.assertOurs(id);
    await this.calls.run(10, (docker, abortSignal) => docker.getContainer(id).pause({ abortSignal }));
  }

  async thaw(id: string): Promise<void> {
    await this.assertOurs(id);
    await this.calls.run(10, (docker, abortSignal) => docker.getContainer(id).unpause({ abortSignal }));
  }

  private async assertOurs(id: string): Promise<void> {
    if (!(await this.isOurs(id)))
      throw new Temporary('RUNTIME_BOOT_FAILED', { reason: `there is no container ${id.slice(0, 12)} of this installation` });
  }

  /** Nothing without this installation's label is ever touched, whatever id is given. */
  private async isOurs(id: string): Promise<boolean> {
    if (this.ours.has(id)) return true;
    const found = await this.look(id);
    const ours = found !== null && readInspection(this.installationId, found) !== null;
    if (ours) this.ours.add(id);
    return ours;
  }

  private look(nameOrId: string) {
    return this.calls.run(10, async (docker, abortSignal) => {
      try {
        return await docker.getContainer(nameOrId).inspect({ abortSignal });
      } catch (error) {
        if (statusOf(error) === 404) return null;
        throw error;
      }
    });
  }
}

function ignoreStatus(...statuses: number[]) {
  return (error: unknown): void => {
    const status = statusOf(error);
    if (status === undefined || !statuses.includes(status)) throw error;
  };
}
