import type { NodeDocument } from '@berth/contracts/documents/runtime';
import { chooseNode } from './choose-node';

const now = new Date('2026-01-01T00:00:00Z');
const size = { memoryMb: 256, cpus: 1, pids: 200, diskMb: 1024 };

function load(id: string, memoryMb: number, more: Partial<NodeDocument> = {}) {
  const node: NodeDocument = {
    _id: id,
    name: id,
    lease: { owner: 'x', expiresAt: now },
    heartbeatAt: now,
    version: '1',
    engine: null,
    refusing: null,
    capacity: { memoryMb: 4096, cpus: 2, diskFreeMb: 1000 },
    quarantine: [],
    ...more,
  };
  return { node, runtimes: 0, memoryMb };
}

const full = { code: 'DISK_FULL', message: 'The machine’s disk is full.' };
const silent = { heartbeatAt: new Date(now.getTime() - 25_000) };

describe('choosing a node', () => {
  it.each([
    ['the only one', [load('a', 0)], 'a'],
    ['the emptier one', [load('a', 1000), load('b', 500)], 'b'],
    ['the larger one', [load('a', 500), load('b', 900, { capacity: { memoryMb: 16_384, cpus: 8, diskFreeMb: 1 } })], 'b'],
    ['one that is promised more than it has, when there is no other', [load('a', 99_999)], 'a'],
    ['none that refuses', [load('a', 0, { refusing: full }), load('b', 5000)], 'b'],
    ['none that is silent', [load('a', 0, silent), load('b', 5000)], 'b'],
    ['the first by name when all is equal', [load('b', 0), load('a', 0)], 'a'],
  ])('takes %s', (_, loads, id) => {
    expect(chooseNode(loads, size, now)._id).toBe(id);
  });

  it.each([
    ['there is none', [], /no node agent has ever run here/],
    ['the one there is refuses', [load('a', 0, { refusing: full })], /disk is full/],
    ['the one there is is silent', [load('a', 0, silent)], /node agent of a has been silent for 25 seconds/],
  ])('says why when %s', (_, loads, reason) => {
    expect(() => chooseNode(loads, size, now)).toThrow(reason);
  });
});
