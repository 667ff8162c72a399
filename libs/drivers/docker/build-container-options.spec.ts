import { buildContainerOptions } from './build-container-options';
import { buildNetworkOptions } from './build-network-options';

const options = buildContainerOptions('berth1', {
  runtimeId: 'rt_1',
  image: 'berth/runtime:0123456789ab',
  size: { memoryMb: 256, cpus: 0.5, pids: 96, diskMb: 1024 },
  address: '10.213.0.9',
  dataFolder: '/var/lib/berth/runtimes/rt_1/data',
  adminFolder: '/var/lib/berth/runtimes/rt_1/admin',
});

describe('the container of a runtime', () => {
  it('carries two labels, its id in the environment, and nothing else', () => {
    expect(options).toMatchObject({
      name: 'berth-berth1-rt_1',
      Image: 'berth/runtime:0123456789ab',
      Env: ['BERTH_RUNTIME_ID=rt_1'],
    });
    expect(options.Labels).toEqual({ 'berth.installation': 'berth1', 'berth.runtime': 'rt_1' });
    expect(options).not.toHaveProperty('Cmd');
    expect(options).not.toHaveProperty('ExposedPorts');
  });

  it('is hardened as the contract says', () => {
    expect(options.HostConfig).toMatchObject({
      ReadonlyRootfs: true,
      Privileged: false,
      CapDrop: ['ALL'],
      CapAdd: ['SETUID', 'SETGID', 'KILL'],
      SecurityOpt: ['no-new-privileges:true'],
      RestartPolicy: { Name: 'no' },
      ShmSize: 16 * 1024 * 1024,
      Ulimits: [
        { Name: 'nofile', Soft: 4096, Hard: 4096 },
        { Name: 'core', Soft: 0, Hard: 0 },
      ],
    });
    expect(options.HostConfig?.LogConfig?.Type).toBe('local');
    expect(options.HostConfig).not.toHaveProperty('PortBindings');
  });

  it('has the limits of its size, and no swap while awake', () => {
    expect(options.HostConfig).toMatchObject({
      Memory: 268_435_456,
      MemorySwap: 268_435_456,
      MemorySwappiness: 100,
      NanoCpus: 500_000_000,
      PidsLimit: 96,
    });
  });

  it('sees its volume, its admin folder and three small file systems in memory', () => {
    expect(options.HostConfig?.Mounts).toEqual([
      {
        Type: 'bind',
        Source: '/var/lib/berth/runtimes/rt_1/data',
        Target: '/data',
        BindOptions: { Propagation: 'rprivate' },
      },
      {
        Type: 'bind',
        Source: '/var/lib/berth/runtimes/rt_1/admin',
        Target: '/run/berth',
        BindOptions: { Propagation: 'rprivate' },
      },
    ]);
    expect(options.HostConfig?.Tmpfs).toEqual({
      '/tmp': 'rw,noexec,nosuid,nodev,size=32m,mode=1777',
      '/run/postgresql': 'rw,noexec,nosuid,nodev,size=1m,mode=0755,uid=5432,gid=5432',
      '/run/app': 'rw,noexec,nosuid,nodev,size=1m,mode=0700,uid=1337,gid=1337',
    });
  });

  it('has the address that was chosen for it, on the runtimes’ network alone', () => {
    expect(options.HostConfig?.NetworkMode).toBe('berth-berth1-runtimes');
    expect(options.NetworkingConfig?.EndpointsConfig).toEqual({
      'berth-berth1-runtimes': { IPAMConfig: { IPv4Address: '10.213.0.9' } },
    });
  });
});

describe('the network of the runtimes', () => {
  it('keeps them apart, with the MTU of the machine', () => {
    expect(buildNetworkOptions('berth1', '10.213.0.0/20', 1400)).toMatchObject({
      Name: 'berth-berth1-runtimes',
      Driver: 'bridge',
      IPAM: { Config: [{ Subnet: '10.213.0.0/20', Gateway: '10.213.0.1' }] },
      Options: { 'com.docker.network.bridge.enable_icc': 'false', 'com.docker.network.driver.mtu': '1400' },
      Labels: { 'berth.installation': 'berth1' },
    });
  });

  it('names its interface within the kernel’s 15 characters', () => {
    const name = buildNetworkOptions('a123456789012345', '10.213.0.0/20', 1500).Options?.['com.docker.network.bridge.name'];
    expect(name).toMatch(/^berth-[0-9a-f]{8}$/);
  });
});
