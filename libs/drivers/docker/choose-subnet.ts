import { overlap, parseRange, type Range, toAddress } from '../port/ipv4';

/** Ranges tried one after the other when the wanted one is taken: the /20s of 10.213.0.0/16 to 10.223.0.0/16. */
function* fallbacks(): Generator<string> {
  for (let second = 213; second <= 223; second++) {
    for (let third = 0; third < 256; third += 16) yield `10.${second}.${third}.0/20`;
  }
}

/** The wanted range, else the first one that touches none of those taken; null when there is none. */
export function chooseSubnet(wanted: string, taken: readonly string[]): string | null {
  const ranges = taken.map(parseRange).filter((range) => !isDefaultRoute(range));
  for (const candidate of [wanted, ...fallbacks()]) {
    const range = parseRange(candidate);
    if (!ranges.some((other) => overlap(range, other))) return candidate;
  }
  return null;
}

/** Ranges that the kernel routes, from the text of `/proc/net/route`, but those of `exceptInterface`. */
export function routedRanges(procNetRoute: string, exceptInterface: string): string[] {
  return routes(procNetRoute)
    .filter((route) => route.name !== exceptInterface)
    .map((route) => `${toAddress(route.destination)}/${route.bits}`);
}

/** Interface of the default route; null when there is none. */
export function defaultInterface(procNetRoute: string): string | null {
  const candidates = routes(procNetRoute).filter((route) => route.bits === 0);
  candidates.sort((a, b) => a.metric - b.metric);
  return candidates[0]?.name ?? null;
}

function routes(procNetRoute: string) {
  const lines = procNetRoute.trim().split('\n').slice(1);
  return lines.map((line) => {
    const [name = '', destination = '', , , , , metric = '0', mask = ''] = line.trim().split(/\s+/);
    return { name, destination: fromHex(destination), metric: Number(metric), bits: bitsOf(fromHex(mask)) };
  });
}

/** The kernel prints addresses as hexadecimal numbers in the machine's byte order. */
function fromHex(text: string): number {
  return Buffer.from(text.padStart(8, '0'), 'hex').readUInt32LE(0);
}

function bitsOf(mask: number): number {
  return mask.toString(2).replace(/0/g, '').length;
}

function isDefaultRoute(range: Range): boolean {
  return range.first === 0 && range.last === 2 ** 32 - 1;
}
