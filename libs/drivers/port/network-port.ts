/** The network that a node's runtimes share, unable to reach each other. */
export interface RuntimeNetwork {
  name: string;
  /** Interface of the node, for its firewall. */
  interfaceName: string;
  /** e.g. `10.213.0.0/20`. */
  subnet: string;
  gateway: string;
  mtu: number;
}

export interface NetworkPort {
  /**
   * Makes the network when it is missing and tells what it is. Where the wanted range is taken, another one of those allowed is used.
   * @throws Temporary when the engine does not answer; Fatal when no range is free.
   */
  ensureNetwork(wantedSubnet: string): Promise<RuntimeNetwork>;
  /** Removes it when nothing is on it; for uninstalling and tests. */
  removeNetwork(): Promise<void>;
}
