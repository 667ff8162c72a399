// @ts-check
import { randomInt } from 'node:crypto';
import { readIfThere } from '../lib/files.mjs';

/** Where tests look: ranges beside the default of the platform. */
const FIRST_NET = 214;
const LAST_NET = 240;

/** @returns {string} a /22 that no route of this machine overlaps */
export function freeSubnet() {
  const routes = parseRoutes(readIfThere('/proc/net/route') ?? '');
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const base = ((10 << 24) | (randomInt(FIRST_NET, LAST_NET) << 16) | (randomInt(64) << 10)) >>> 0;
    if (!routes.some(({ network, mask }) => overlap(base, network, mask))) return `${dotted(base)}/22`;
  }
  throw new Error('No free address range was found for the runtimes of the tests.');
}

/**
 * @param {string} table text of /proc/net/route
 * @returns {{ network: number, mask: number }[]} without the default route
 */
export function parseRoutes(table) {
  const rows = table.split('\n').slice(1);
  const routes = rows.map((row) => row.split('\t')).filter((fields) => fields.length > 7);
  return routes
    .map(([, network = '', , , , , , mask = '']) => ({ network: swapped(network), mask: swapped(mask) }))
    .filter(({ mask }) => mask !== 0);
}

/** The kernel prints addresses in its own byte order. @param {string} hex */
function swapped(hex) {
  return Buffer.from(hex, 'hex').readUInt32LE(0);
}

/** @param {number} base @param {number} network @param {number} mask */
function overlap(base, network, mask) {
  const wider = (mask & 0xfffffc00) >>> 0;
  return ((base & wider) ^ (network & wider)) >>> 0 === 0;
}

/** @param {number} address */
function dotted(address) {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
}
