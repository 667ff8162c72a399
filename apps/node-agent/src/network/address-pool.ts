import { parseRange, toAddress, toNumber } from '@berth/drivers/port/ipv4';

/**
 * The IPv4 addresses of the runtimes' network. Goes round through the range, so that a freed address is the last to be given again: a
 * route that is behind by then shows nobody's data. Begins at a random place, since it forgets with its process what was freed.
 */
export class AddressPool {
  private readonly first: number;
  private readonly last: number;
  private readonly reserved: ReadonlySet<number>;
  private readonly holders = new Map<number, string>();
  private next: number;

  /** @param reserved addresses inside of the range that belong to others, such as the gateway */
  constructor(subnet: string, reserved: readonly string[], random = Math.random()) {
    const range = parseRange(subnet);
    this.first = range.first + 1;
    this.last = range.last - 1;
    this.reserved = new Set(reserved.map(toNumber));
    this.next = this.first + Math.floor(random * (this.last - this.first + 1));
  }

  /** Notes what the engine says is taken. Addresses outside of the range are passed over. */
  claim(address: string, runtimeId: string): void {
    const number = toNumber(address);
    if (number >= this.first && number <= this.last) this.holders.set(number, runtimeId);
  }

  /** @throws RangeError when all are taken */
  take(runtimeId: string): string {
    for (let tries = this.last - this.first + 1; tries > 0; tries--) {
      const candidate = this.next;
      this.next = candidate >= this.last ? this.first : candidate + 1;
      if (this.holders.has(candidate) || this.reserved.has(candidate)) continue;
      this.holders.set(candidate, runtimeId);
      return toAddress(candidate);
    }
    throw new RangeError('all addresses of the runtimes’ network are taken; set BERTH_RUNTIME_SUBNET to a larger one');
  }

  /** Frees what the runtime holds, but `keep`. */
  release(runtimeId: string, keep?: string): void {
    const kept = keep === undefined ? undefined : toNumber(keep);
    for (const [number, holder] of this.holders) {
      if (holder === runtimeId && number !== kept) this.holders.delete(number);
    }
  }

  get used(): number {
    return this.holders.size;
  }
}
