import type { NetworkPort, RuntimeNetwork } from '@berth/drivers/port/network-port';
import type { ContainerEntry, RuntimeDriver } from '@berth/drivers/port/runtime-driver';
import type { Logger } from '@berth/observability/logger';
import { AddressPool } from './address-pool';

/** The runtimes' network of this node, and which of its addresses are taken. */
export class NodeNetwork {
  private ready: { network: RuntimeNetwork; pool: AddressPool } | null = null;
  private making: Promise<AddressPool> | null = null;

  constructor(
    private readonly port: NetworkPort,
    private readonly driver: RuntimeDriver,
    private readonly wantedSubnet: string,
    private readonly logger: Logger,
  ) {}

  get network(): RuntimeNetwork | null {
    return this.ready?.network ?? null;
  }

  /** @throws Temporary | Fatal as long as the network cannot be made */
  async addresses(): Promise<AddressPool> {
    if (this.ready) return this.ready.pool;
    // Many runtimes may ask at once; the network is made once.
    this.making ??= this.driver
      .list()
      .then((containers) => this.refresh(containers))
      .finally(() => {
        this.making = null;
      });
    return this.making;
  }

  /** Makes the network anew when somebody removed it, and takes over what the engine says about addresses. */
  async refresh(containers: readonly ContainerEntry[]): Promise<AddressPool> {
    const network = await this.port.ensureNetwork(this.wantedSubnet);
    if (this.ready?.network.subnet !== network.subnet) {
      const fields = { network: network.name, subnet: network.subnet, mtu: network.mtu };
      if (network.subnet === this.wantedSubnet) this.logger.info(fields, 'the runtimes’ network is ready');
      else this.logger.warn({ ...fields, wanted: this.wantedSubnet }, 'the wanted range is taken; the runtimes use another one');
      this.ready = { network, pool: new AddressPool(network.subnet, [network.gateway]) };
    }
    const { pool } = this.ready;
    for (const container of containers) if (container.address) pool.claim(container.address, container.runtimeId);
    return pool;
  }
}
