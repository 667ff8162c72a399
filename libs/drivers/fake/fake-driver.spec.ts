import { newId } from '@berth/contracts/ids';
import { describeDriver } from '../port/driver-conformance';
import { Temporary } from '../port/driver-errors';
import { FakeDriver } from './fake-driver';

const spec = (runtimeId: string) => ({
  runtimeId,
  image: 'berth/runtime:1',
  size: { memoryMb: 64, cpus: 0.5, pids: 64, diskMb: 100 },
  address: '10.0.0.2',
  dataFolder: '/data',
  adminFolder: '/admin',
});

describeDriver('fake', async () => {
  const driver = new FakeDriver();
  driver.addImage('berth/runtime:1');
  return {
    driver,
    spec: async (runtimeId) => spec(runtimeId),
    endByItself: async (_id, runtimeId) => driver.endContainer(runtimeId),
    close: async () => undefined,
  };
});

it('fails as often as planned, then works again', async () => {
  const driver = new FakeDriver();
  driver.addImage('berth/runtime:1');
  driver.planFault('create', new Temporary('DISK_FULL'), 2);
  const wanted = spec(newId('runtime'));
  await expect(driver.create(wanted)).rejects.toMatchObject({ code: 'DISK_FULL' });
  await expect(driver.create(wanted)).rejects.toMatchObject({ code: 'DISK_FULL' });
  await expect(driver.create(wanted)).resolves.toEqual(expect.any(String));
  expect(driver.calls.filter((call) => call === 'create')).toHaveLength(3);
});
