// @ts-check
import { readdirSync, readlinkSync } from 'node:fs';
import { readIfThere } from './files.mjs';

const LISTENING = '0A';

/**
 * @param {number} port
 * @returns {{ pid?: number, command?: string } | undefined} who listens there; without a pid when it cannot be seen; undefined when the port is free
 */
export function portHolder(port) {
  const inodes = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) => listeningInodes(readIfThere(path) ?? '', port)));
  if (inodes.size === 0) return undefined;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    if (holdsSocket(pid, inodes)) return { pid: Number(pid), command: commandOf(pid) };
  }
  return {};
}

/**
 * @param {string} table text of /proc/net/tcp or tcp6
 * @param {number} port
 * @returns {string[]} inodes of the sockets that listen on the port
 */
export function listeningInodes(table, port) {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(`:${wanted}`) && fields[3] === LISTENING)
    .map((fields) => fields[9] ?? '');
}

/** @param {string} pid @param {Set<string>} inodes */
function holdsSocket(pid, inodes) {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`))?.[1];
      return inode !== undefined && inodes.has(inode);
    });
  } catch {
    return false; // it has ended, or belongs to somebody else
  }
}

/** @param {string} path */
function linkOf(path) {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** @param {string} pid */
function commandOf(pid) {
  const words = (readIfThere(`/proc/${pid}/cmdline`) ?? '').split('\0').filter((word) => word !== '');
  return words.length > 0 ? words.slice(0, 3).join(' ') : (readIfThere(`/proc/${pid}/comm`) ?? '').trim();
}
