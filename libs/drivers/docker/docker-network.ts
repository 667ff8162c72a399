import { readFile } from 'node:fs/promises';
import type { NetworkInspectInfo } from 'dockerode';
import { Fatal } from '../port/driver-errors';
import type { NetworkPort, RuntimeNetwork } from '../port/network-port';
import { buildNetworkOptions } from './build-network-options';
import { chooseSubnet, defaultInterface, routedRanges } from './choose-subnet';
import type { EngineCalls } from './engine-calls';
import { statusOf } from './map-error';
import { bridgeName, installationLabel, networkName } from './names';

const ordinaryMtu = 1500;

export class DockerNetwork implements NetworkPort {
  constructor(
    private readonly engine: EngineCalls,
    private readonly installationId: string,
  ) {}

  async ensureNetwork(wantedSubnet: string): Promise<RuntimeNetwork> {
    const name = networkName(this.installationId);
    const networks = await this.engine.run(10, (docker, abortSignal) => docker.listNetworks({ abortSignal }));
    const ours = networks.find((network) => network.Name === name);
    if (ours) return this.describe(ours);
    const routes = await readFile('/proc/net/route', 'utf8');
    const taken = [...networks.flatMap(subnetsOf), ...routedRanges(routes, bridgeName(this.installationId))];
    const mtu = await mtuOf(defaultInterface(routes));
    return this.describe(await this.make(wantedSubnet, taken, mtu));
  }

  async removeNetwork(): Promise<void> {
    const name = networkName(this.installationId);
    await this.engine.run(20, async (docker, abortSignal) => {
      const networks = await docker.listNetworks({ abortSignal });
      const ours = networks.find((network) => network.Name === name);
      if (ours?.Labels?.[installationLabel] === this.installationId) await docker.getNetwork(ours.Id).remove({ abortSignal });
    });
  }

  /** The engine refuses a range that it knows to be taken (403), also one that this process cannot see: then the next is tried. */
  private async make(wantedSubnet: string, taken: string[], mtu: number): Promise<NetworkInspectInfo> {
    for (const refused = [...taken]; ; ) {
      const subnet = chooseSubnet(wantedSubnet, refused);
      if (!subnet) throw new Fatal('RUNTIME_BOOT_FAILED', { reason: noRange(wantedSubnet) });
      const made = await this.engine.run(20, async (docker, abortSignal) => {
        try {
          const options = buildNetworkOptions(this.installationId, subnet, mtu);
          const network = await docker.createNetwork({ ...options, abortSignal });
          return await network.inspect();
        } catch (error) {
          if (statusOf(error) === 403 || /overlaps/i.test((error as Error).message)) return null;
          if (statusOf(error) === 409) return docker.getNetwork(networkName(this.installationId)).inspect();
          throw error;
        }
      });
      if (made) return made;
      refused.push(subnet);
    }
  }

  private describe(network: NetworkInspectInfo): RuntimeNetwork {
    if (network.Labels?.[installationLabel] !== this.installationId)
      throw new Fatal('RUNTIME_BOOT_FAILED', {
        reason: `a Docker network called ${network.Name} that is not Berth’s is in the way; remove or rename it`,
      });
    const config = network.IPAM?.Config?.[0];
    if (!config?.Subnet || !config.Gateway)
      throw new Fatal('RUNTIME_BOOT_FAILED', { reason: `the Docker network ${network.Name} has no IPv4 range` });
    return {
      name: network.Name,
      interfaceName: network.Options?.['com.docker.network.bridge.name'] ?? bridgeName(this.installationId),
      subnet: config.Subnet,
      gateway: config.Gateway,
      mtu: Number(network.Options?.['com.docker.network.driver.mtu'] ?? ordinaryMtu),
    };
  }
}

function subnetsOf(network: NetworkInspectInfo): string[] {
  const configs = network.IPAM?.Config ?? [];
  return configs.flatMap((config) => (config.Subnet && /^[\d./]+$/.test(config.Subnet) ? [config.Subnet] : []));
}

async function mtuOf(interfaceName: string | null): Promise<number> {
  if (!interfaceName) return ordinaryMtu;
  const text = await readFile(`/sys/class/net/${interfaceName}/mtu`, 'utf8').catch(() => '');
  return Number(text.trim()) || ordinaryMtu;
}

function noRange(wanted: string): string {
  return `no address range is free for the runtimes: ${wanted} and all of 10.213.0.0 to 10.223.255.255 clash with networks of this machine; set BERTH_RUNTIME_SUBNET to a free range`;
}
