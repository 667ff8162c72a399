import type { NetworkCreateOptions } from 'dockerode';
import { bridgeName, installationLabel, networkName } from './names';

/** The Engine API's body of `POST /networks/create` for the bridge of a node's runtimes. */
export function buildNetworkOptions(installationId: string, subnet: string, mtu: number): NetworkCreateOptions {
  return {
    Name: networkName(installationId),
    Driver: 'bridge',
    CheckDuplicate: true,
    EnableIPv6: false,
    IPAM: { Driver: 'default', Config: [{ Subnet: subnet, Gateway: firstAddress(subnet) }] },
    Options: {
      'com.docker.network.bridge.name': bridgeName(installationId),
      // Tenants cannot reach each other.
      'com.docker.network.bridge.enable_icc': 'false',
      'com.docker.network.driver.mtu': String(mtu),
    },
    Labels: { [installationLabel]: installationId },
  };
}

function firstAddress(subnet: string): string {
  const octets = (subnet.split('/')[0] ?? '').split('.').map(Number);
  return [...octets.slice(0, 3), (octets[3] ?? 0) + 1].join('.');
}
