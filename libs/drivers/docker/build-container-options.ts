import type { ContainerCreateOptions } from 'dockerode';
import type { RuntimeSpec } from '../port/runtime-driver';
import { containerName, installationLabel, networkName, runtimeLabel } from './names';

const mebibyte = 1024 * 1024;

/** The Engine API's body of `POST /containers/create` for one runtime, as docs/runtime-contract.md has it. */
export function buildContainerOptions(installationId: string, spec: RuntimeSpec): ContainerCreateOptions {
  const network = networkName(installationId);
  return {
    name: containerName(installationId, spec.runtimeId),
    Image: spec.image,
    Labels: { [installationLabel]: installationId, [runtimeLabel]: spec.runtimeId },
    Env: [`BERTH_RUNTIME_ID=${spec.runtimeId}`],
    HostConfig: {
      ...storage(spec),
      ...limits(spec),
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      CapAdd: ['SETUID', 'SETGID', 'KILL'],
      SecurityOpt: ['no-new-privileges:true'],
      Privileged: false,
      NetworkMode: network,
      // The reconciler restarts, with a back-off and a word to the founder; the engine must not do it behind its back.
      RestartPolicy: { Name: 'no' },
      LogConfig: { Type: 'local', Config: { 'max-size': '4m', 'max-file': '3' } },
    },
    NetworkingConfig: { EndpointsConfig: { [network]: { IPAMConfig: { IPv4Address: spec.address } } } },
  };
}

function storage(spec: RuntimeSpec) {
  return {
    // Mounts refuse a folder that is missing, where Binds would make an empty one.
    Mounts: [bind(spec.dataFolder, '/data'), bind(spec.adminFolder, '/run/berth')],
    Tmpfs: {
      '/tmp': 'rw,noexec,nosuid,nodev,size=32m,mode=1777',
      '/run/postgresql': 'rw,noexec,nosuid,nodev,size=1m,mode=0755,uid=5432,gid=5432',
      '/run/app': 'rw,noexec,nosuid,nodev,size=1m,mode=0700,uid=1337,gid=1337',
    },
    ShmSize: 16 * mebibyte,
  };
}

function bind(from: string, to: string) {
  return { Type: 'bind' as const, Source: from, Target: to, BindOptions: { Propagation: 'rprivate' as const } };
}

function limits({ size }: RuntimeSpec) {
  return {
    Memory: size.memoryMb * mebibyte,
    // An awake runtime must not fill the node's swap; freezing lowers Memory alone.
    MemorySwap: size.memoryMb * mebibyte,
    MemorySwappiness: 100,
    NanoCpus: Math.round(size.cpus * 1e9),
    PidsLimit: size.pids,
    Ulimits: [
      { Name: 'nofile', Soft: 4096, Hard: 4096 },
      { Name: 'core', Soft: 0, Hard: 0 },
    ],
  };
}
