import { RouteTable } from '../routes/route-table';
import { WaitingRoom } from './waiting-room';

const limits = { total: 3, perEnvironment: 2, waitMs: 10_000 };
let table: RouteTable;
let room: WaitingRoom;
let abort: AbortController;
let waits: number;
const enter = (id: string, deadline = room.deadline()) => room.enter(id, deadline, abort.signal, () => void waits++);
const wake = (id: string, value: string | null) => table.apply([{ map: 'addresses', key: id, value }]);

beforeEach(() => {
  table = new RouteTable();
  room = new WaitingRoom(table, limits);
  abort = new AbortController();
  waits = 0;
});

it('lets through at once whose address is known', async () => {
  wake('a', '10.0.0.1/1337');
  expect(await enter('a')).toEqual({ target: '10.0.0.1/1337' });
  expect(waits).toBe(0);
});

it('holds the others until the address appears, and nobody else', async () => {
  const [a, b] = [enter('a'), enter('b')];
  expect([room.size, waits]).toEqual([2, 2]);
  wake('a', '10.0.0.1/1337');
  expect(await a).toEqual({ target: '10.0.0.1/1337' });
  expect(room.size).toBe(1);
  wake('b', '10.0.0.2/1337');
  expect(await b).toEqual({ target: '10.0.0.2/1337' });
  expect(room.size).toBe(0);
});

it('is bounded by environment and in all', async () => {
  void enter('a');
  void enter('a');
  expect(await enter('a')).toEqual({ reason: 'full' });
  void enter('b');
  expect(await enter('c')).toEqual({ reason: 'full' });
  expect(room.size).toBe(3);
  room.close();
  expect(room.size).toBe(0);
});

it('ends at the deadline, and when the client goes', async () => {
  expect(await enter('a', performance.now() + 5)).toEqual({ reason: 'timed out' });
  const waiting = enter('a');
  abort.abort();
  expect(await waiting).toEqual({ reason: 'gone' });
  expect(await enter('a')).toEqual({ reason: 'gone' });
  expect(room.size).toBe(0);
});

it('sends everybody away when it closes', async () => {
  const waiting = [enter('a'), enter('b')];
  room.close();
  expect(await Promise.all(waiting)).toEqual([{ reason: 'timed out' }, { reason: 'timed out' }]);
});
