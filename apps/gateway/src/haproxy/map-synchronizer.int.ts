import { join } from 'node:path';
import { createLogger } from '@berth/observability/logger';
import { eventually, makeHaproxy, type TestHaproxy } from '../../test/test-haproxy';
import { RouteTable } from '../routes/route-table';
import { AdminSocket } from './admin-socket';
import { fileNames } from './gateway-files';
import { parseMapDump } from './map-commands';
import { MapSynchronizer } from './map-synchronizer';

let haproxy: TestHaproxy;
let admin: AdminSocket;
let table: RouteTable;
let synchronizer: MapSynchronizer;
let adopts: boolean;
let applied: number[];

const held = async () => Object.fromEntries(parseMapDump(await admin.run('show map slugs.map')).entries);
const set = (key: string, value: string | null) => table.apply([{ map: 'slugs', key, value }]);
const start = () => synchronizer.start({ onApplied: (revision) => applied.push(revision) });

beforeEach(async () => {
  haproxy = await makeHaproxy();
  await haproxy.writeMaps({ slugs: { old: '1', same: '1' } });
  await haproxy.start();
  admin = await eventually(() => AdminSocket.open(join(haproxy.directory, fileNames.socket)));
  table = new RouteTable();
  adopts = false;
  applied = [];
  synchronizer = new MapSynchronizer(haproxy.directory, table, createLogger('test', 'silent'), () => adopts);
});

afterEach(async () => {
  synchronizer.stop();
  admin.close();
  await haproxy.stop();
});

it('makes HAProxy hold what the table says, and then what changes', async () => {
  set('same', '1');
  set('fresh', '2');
  await start();
  expect(await held()).toEqual({ same: '1', fresh: '2' });
  set('fresh', '3');
  set('same', null);
  set('more', '4');
  synchronizer.announce(7);
  await eventually(() => expect(applied).toContain(7));
  expect(await held()).toEqual({ fresh: '3', more: '4' });
});

it('takes over what HAProxy holds while the routes are not known otherwise', async () => {
  adopts = true;
  set('from the files', '1');
  await start();
  expect([...table.maps.slugs]).toEqual([
    ['old', '1'],
    ['same', '1'],
  ]);
  expect(await held()).toEqual({ old: '1', same: '1' });
});

it('mends what somebody else has changed', async () => {
  set('same', '1');
  await start();
  await admin.run('add map slugs.map foreign 1');
  await synchronizer.verifyCounts();
  await eventually(async () => expect(await held()).toEqual({ same: '1' }));
  await eventually(() => expect(synchronizer.connected).toBe(true));
  // a change that HAProxy refuses leads to a comparison too
  await admin.run('del map slugs.map same');
  set('same', '2');
  await eventually(async () => expect(await held()).toEqual({ same: '2' }));
});

it('replaces a map in which a key is doubled', async () => {
  set('same', '1');
  await admin.run('add map slugs.map same 2');
  await start();
  expect(parseMapDump(await admin.run('show map slugs.map'))).toEqual({ entries: new Map([['same', '1']]), doubled: false });
});

it('tells of no revision that HAProxy does not have', async () => {
  await start();
  await haproxy.kill();
  await eventually(() => expect(synchronizer.connected).toBe(false));
  set('fresh', '1');
  synchronizer.announce(9);
  await expect(synchronizer.ask('show info')).rejects.toThrow(/HAProxy/);
  expect(applied).not.toContain(9);
  await haproxy.start();
  await eventually(() => expect(applied).toContain(9));
});

describe('the admin socket', () => {
  it('answers in order and says what HAProxy refused', async () => {
    const [info, map] = await Promise.all([admin.run('show info'), admin.run('show map slugs.map')]);
    expect([info, map]).toEqual([expect.stringContaining('Pid:'), expect.stringContaining('old 1')]);
    await expect(admin.change(['set map slugs.map old 2', 'set map slugs.map nobody 2'])).rejects.toThrow(
      'HAProxy answered “entry not found.” to “set map slugs.map nobody 2”',
    );
    expect(await held()).toMatchObject({ old: '2' });
  });

  it('fails what waits when HAProxy dies, and what comes later', async () => {
    let closed = 0;
    admin.onClose(() => closed++);
    await haproxy.kill();
    await eventually(() => expect(admin.closed).toBe(true));
    await expect(admin.run('show info')).rejects.toThrow();
    expect(closed).toBe(1);
    await expect(AdminSocket.open(join(haproxy.directory, 'nobody.sock'))).rejects.toThrow('HAProxy does not answer');
  });
});
