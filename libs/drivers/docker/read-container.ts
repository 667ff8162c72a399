import type { ContainerInfo, ContainerInspectInfo } from 'dockerode';
import type { ContainerDetails, ContainerEntry, ContainerPhase, RuntimeStats } from '../port/runtime-driver';
import { installationLabel, networkName, runtimeLabel } from './names';

const mebibyte = 1024 * 1024;

/** What the port shows of `GET /containers/<id>/json`; null when it is not this installation's. */
export function readInspection(installationId: string, found: ContainerInspectInfo): ContainerDetails | null {
  const labels = found.Config.Labels ?? {};
  const runtimeId = labels[runtimeLabel];
  if (labels[installationLabel] !== installationId || !runtimeId) return null;
  const endpoint = found.NetworkSettings?.Networks?.[networkName(installationId)];
  return {
    id: found.Id,
    name: found.Name.replace(/^\//, ''),
    runtimeId,
    phase: phaseOf(found.State.Status),
    address: addressOf(endpoint),
    image: found.Config.Image,
    size: {
      memoryMb: (found.HostConfig.Memory ?? 0) / mebibyte,
      cpus: (found.HostConfig.NanoCpus ?? 0) / 1e9,
      pids: found.HostConfig.PidsLimit ?? 0,
    },
    startedAt: dateOf(found.State.StartedAt),
    exitCode: found.State.Status === 'exited' || found.State.Status === 'dead' ? found.State.ExitCode : null,
    outOfMemory: found.State.OOMKilled,
  };
}

/** What the port shows of one entry of `GET /containers/json`; null when it is not this installation's. */
export function readListing(installationId: string, found: ContainerInfo): ContainerEntry | null {
  const runtimeId = found.Labels[runtimeLabel];
  if (found.Labels[installationLabel] !== installationId || !runtimeId) return null;
  return {
    id: found.Id,
    name: (found.Names[0] ?? '').replace(/^\//, ''),
    runtimeId,
    phase: phaseOf(found.State),
    address: addressOf(found.NetworkSettings?.Networks?.[networkName(installationId)]),
  };
}

/** The part of `GET /containers/<id>/stats` that is used; cgroup versions name the file cache differently. */
interface EngineStats {
  memory_stats?: { usage?: number; stats?: { total_inactive_file?: number; inactive_file?: number } };
  cpu_stats?: { cpu_usage?: { total_usage?: number } };
  pids_stats?: { current?: number };
  networks?: Record<string, { rx_bytes: number; tx_bytes: number }>;
}

export function readStats(stats: EngineStats): RuntimeStats {
  const cache = stats.memory_stats?.stats?.total_inactive_file ?? stats.memory_stats?.stats?.inactive_file ?? 0;
  const networks = Object.values(stats.networks ?? {});
  return {
    memoryBytes: Math.max(0, (stats.memory_stats?.usage ?? 0) - cache),
    cpuNanoseconds: stats.cpu_stats?.cpu_usage?.total_usage ?? 0,
    pids: stats.pids_stats?.current ?? 0,
    networkReceivedBytes: networks.reduce((sum, each) => sum + each.rx_bytes, 0),
    networkSentBytes: networks.reduce((sum, each) => sum + each.tx_bytes, 0),
  };
}

/**
 * Lines of the engine's multiplexed log stream: frames of an 8-byte head (stream, length) and a payload. A line may be spread over
 * several frames.
 */
export function readLogLines(frames: Buffer): string[] {
  const payloads: Buffer[] = [];
  for (let at = 0; at + 8 <= frames.length; ) {
    const length = frames.readUInt32BE(at + 4);
    payloads.push(frames.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  const text = Buffer.concat(payloads).toString('utf8');
  return text.split('\n').filter((line) => line !== '');
}

function phaseOf(status: string): ContainerPhase {
  switch (status) {
    case 'created':
    case 'running':
    case 'paused':
    case 'exited':
      return status;
    default:
      return 'broken';
  }
}

/** `IPAMConfig` keeps the address of a stopped container, where the other field is empty. */
function addressOf(endpoint: { IPAddress?: string; IPAMConfig?: { IPv4Address?: string } | null } | undefined): string | null {
  return endpoint?.IPAMConfig?.IPv4Address || endpoint?.IPAddress || null;
}

/** The engine writes the year 1 for “never”. */
function dateOf(text: string): Date | null {
  const date = new Date(text);
  return date.getTime() > 0 ? date : null;
}
