import type { ContainerInfo, ContainerInspectInfo } from 'dockerode';
import { readEvent } from './engine-events';
import { readInspection, readListing, readLogLines, readStats } from './read-container';

const labels = { 'berth.installation': 'berth1', 'berth.runtime': 'rt_1' };
const networks = { 'berth-berth1-runtimes': { IPAddress: '', IPAMConfig: { IPv4Address: '10.213.0.9' } } };

function inspection(changes: object = {}, state: object = {}): ContainerInspectInfo {
  return {
    Id: 'c1',
    Name: '/berth-berth1-rt_1',
    Config: { Labels: labels, Image: 'berth/runtime:1' },
    HostConfig: { Memory: 268_435_456, NanoCpus: 500_000_000, PidsLimit: 96 },
    NetworkSettings: { Networks: networks },
    State: { Status: 'running', StartedAt: '2026-01-01T12:00:00.123456789Z', ExitCode: 0, OOMKilled: false, ...state },
    ...changes,
  } as unknown as ContainerInspectInfo;
}

describe('an inspection', () => {
  it('is read with image, size and the address that stays with it', () => {
    expect(readInspection('berth1', inspection())).toEqual({
      id: 'c1',
      name: 'berth-berth1-rt_1',
      runtimeId: 'rt_1',
      phase: 'running',
      address: '10.213.0.9',
      image: 'berth/runtime:1',
      size: { memoryMb: 256, cpus: 0.5, pids: 96 },
      startedAt: new Date('2026-01-01T12:00:00.123Z'),
      exitCode: null,
      outOfMemory: false,
    });
  });

  it('of another installation is not seen', () => {
    expect(readInspection('other1', inspection())).toBeNull();
    expect(readInspection('berth1', inspection({ Config: { Labels: {}, Image: 'x' } }))).toBeNull();
  });

  it.each([
    ['created', 'created'],
    ['exited', 'exited'],
    ['paused', 'paused'],
    ['dead', 'broken'],
    ['removing', 'broken'],
  ])('%s is %s', (status, phase) => {
    expect(readInspection('berth1', inspection({}, { Status: status }))?.phase).toBe(phase);
  });

  it('tells the exit code, and that it never ran', () => {
    const exited = inspection({}, { Status: 'exited', ExitCode: 137, OOMKilled: true, StartedAt: '0001-01-01T00:00:00Z' });
    expect(readInspection('berth1', exited)).toMatchObject({ exitCode: 137, outOfMemory: true, startedAt: null });
  });
});

it('reads a listing, and passes over what has no runtime, such as the database’s container', () => {
  const entry = { Id: 'c1', Names: ['/n'], Labels: labels, State: 'exited', NetworkSettings: { Networks: networks } };
  expect(readListing('berth1', entry as unknown as ContainerInfo)).toEqual({
    id: 'c1',
    name: 'n',
    runtimeId: 'rt_1',
    phase: 'exited',
    address: '10.213.0.9',
  });
  const database = { ...entry, Labels: { 'berth.installation': 'berth1' } };
  expect(readListing('berth1', database as unknown as ContainerInfo)).toBeNull();
});

it('joins log frames to lines, also where a line is spread over frames', () => {
  const frame = (text: string, stream = 1) => {
    const head = Buffer.alloc(8);
    head[0] = stream;
    head.writeUInt32BE(Buffer.byteLength(text), 4);
    return Buffer.concat([head, Buffer.from(text)]);
  };
  const frames = Buffer.concat([frame('one\ntw'), frame('o\n'), frame('gr', 2), frame('ün\n', 2)]);
  expect(readLogLines(frames)).toEqual(['one', 'two', 'grün']);
});

it.each([
  ['cgroup v1', { total_inactive_file: 40 }],
  ['cgroup v2', { inactive_file: 40 }],
])('reads the statistics of %s without the file cache', (_version, stats) => {
  const found = readStats({
    memory_stats: { usage: 100, stats },
    cpu_stats: { cpu_usage: { total_usage: 7 } },
    pids_stats: { current: 3 },
    networks: { eth0: { rx_bytes: 1, tx_bytes: 2 }, eth1: { rx_bytes: 10, tx_bytes: 20 } },
  });
  expect(found).toEqual({ memoryBytes: 60, cpuNanoseconds: 7, pids: 3, networkReceivedBytes: 11, networkSentBytes: 22 });
});

describe('an event', () => {
  const event = (attributes: object, type = 'container') =>
    JSON.stringify({ Type: type, Action: 'die', Actor: { Attributes: attributes } });

  it('of one of our runtimes tells its id', () => {
    expect(readEvent('berth1', event(labels))).toEqual({ kind: 'container-ended', runtimeId: 'rt_1' });
  });

  it('of others tells nothing', () => {
    expect(readEvent('other1', event(labels))).toBeNull();
    expect(readEvent('berth1', event({}))).toBeNull();
    expect(readEvent('berth1', '')).toBeNull();
  });

  it('of an image tells that one came', () => {
    expect(readEvent('berth1', event({}, 'image'))).toEqual({ kind: 'image-added' });
  });
});
