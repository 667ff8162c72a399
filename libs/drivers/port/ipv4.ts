/** A range such as `10.213.0.0/20` as numbers; `first` and `last` include the network's and the broadcast address. */
export interface Range {
  first: number;
  last: number;
}

/** @throws RangeError for anything but a.b.c.d/n */
export function parseRange(text: string): Range {
  const match = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(text);
  const bits = Number(match?.[2]);
  if (!match?.[1] || bits > 32) throw new RangeError(`not an IPv4 range: ${text}`);
  const size = 2 ** (32 - bits);
  const first = Math.floor(toNumber(match[1]) / size) * size;
  return { first, last: first + size - 1 };
}

export function overlap(a: Range, b: Range): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** @throws RangeError */
export function toNumber(address: string): number {
  const octets = address.split('.').map(Number);
  if (octets.length !== 4 || octets.some((octet) => !Number.isInteger(octet) || octet < 0 || octet > 255))
    throw new RangeError(`not an IPv4 address: ${address}`);
  return octets.reduce((sum, octet) => sum * 256 + octet, 0);
}

export function toAddress(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}
