import { randomInt } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId, randomText } from '@berth/contracts/ids';
import { describeDriver } from '../port/driver-conformance';
import { AddressTaken, Temporary } from '../port/driver-errors';
import { standInImage } from '../stand-in/stand-in-image';
import { DockerDriver } from './docker-driver';
import { DockerNetwork } from './docker-network';
import { EngineCalls } from './engine-calls';
import { containerName, installationLabel, networkName, runtimeLabel } from './names';

jest.setTimeout(120_000);

const socket = '/var/run/docker.sock';
const image = standInImage();

/** One installation on the real engine, gone after the test. */
async function makeInstallation() {
  const installation = `t${randomText(9)}`;
  const calls = new EngineCalls(socket);
  const driver = new DockerDriver(calls, installation);
  const network = new DockerNetwork(calls, installation);
  const home = mkdtempSync(join(tmpdir(), 'berth-driver-'));
  const { subnet } = await network.ensureNetwork(`10.222.${randomInt(255)}.0/24`);
  let last = 1;
  const spec = async (runtimeId: string) => {
    const folder = join(home, runtimeId);
    for (const name of ['data/app', 'data/config', 'admin']) mkdirSync(join(folder, name), { recursive: true });
    last += 1;
    return {
      runtimeId,
      image,
      size: { memoryMb: 64, cpus: 0.5, pids: 64, diskMb: 100 },
      address: subnet.replace(/\d+\/\d+$/, String(last)),
      dataFolder: join(folder, 'data'),
      adminFolder: join(folder, 'admin'),
    };
  };
  const close = async () => {
    for (const entry of await driver.list()) await driver.remove(entry.id);
    await network.removeNetwork();
    rmSync(home, { recursive: true, force: true });
  };
  return { installation, calls, driver, network, subnet, spec, close };
}

describeDriver('docker', async () => {
  const { calls, driver, spec, close } = await makeInstallation();
  const endByItself = async (containerId: string) => {
    await calls.docker.getContainer(containerId).kill({ signal: 'SIGKILL' });
  };
  return { driver, spec, endByItself, close };
});

describe('Docker', () => {
  let mine: Awaited<ReturnType<typeof makeInstallation>>;
  let others: Awaited<ReturnType<typeof makeInstallation>>;

  beforeAll(async () => {
    mine = await makeInstallation();
    others = await makeInstallation();
  });
  afterAll(async () => {
    await mine.close();
    await others.close();
  });

  it('never touches another installation’s container, whatever id it is given', async () => {
    const runtimeId = newId('runtime');
    const foreign = await others.driver.create(await others.spec(runtimeId));
    await others.driver.start(foreign);
    expect(await mine.driver.inspect(runtimeId)).toBeNull();
    expect((await mine.driver.list()).map((entry) => entry.id)).not.toContain(foreign);
    await mine.driver.stop(foreign, 1);
    await mine.driver.remove(foreign);
    await expect(mine.driver.start(foreign)).rejects.toBeInstanceOf(Temporary);
    await expect(mine.driver.logs(foreign, 1)).rejects.toBeInstanceOf(Temporary);
    expect(await others.driver.inspect(runtimeId)).toMatchObject({ phase: 'running' });
    await others.driver.remove(foreign);
  });

  it('refuses a container in the way that carries its name but not its label', async () => {
    const runtimeId = newId('runtime');
    const name = containerName(mine.installation, runtimeId);
    const stranger = await mine.calls.docker.createContainer({ name, Image: image });
    await expect(mine.driver.create(await mine.spec(runtimeId))).rejects.toMatchObject({ code: 'RUNTIME_BOOT_FAILED' });
    await expect(stranger.inspect()).resolves.toMatchObject({ Name: `/${name}` });
    await stranger.remove({ force: true });
  });

  it('says when an address is taken', async () => {
    const first = await mine.spec(newId('runtime'));
    const second = { ...(await mine.spec(newId('runtime'))), address: first.address };
    await mine.driver.start(await mine.driver.create(first));
    const id = await mine.driver.create(second);
    await expect(mine.driver.start(id)).rejects.toBeInstanceOf(AddressTaken);
  });

  it('refuses to make a folder that is missing, instead of an empty one', async () => {
    const spec = { ...(await mine.spec(newId('runtime'))), dataFolder: '/nowhere/at/all' };
    await expect(mine.driver.create(spec)).rejects.toMatchObject({ code: 'RUNTIME_BOOT_FAILED' });
  });

  it('gives the runtimes a network that keeps them apart, with labels of this installation alone', async () => {
    const network = await mine.calls.docker.getNetwork(networkName(mine.installation)).inspect();
    expect(network.Labels).toEqual({ [installationLabel]: mine.installation });
    expect(network.Options?.['com.docker.network.bridge.enable_icc']).toBe('false');
    expect(await mine.network.ensureNetwork('10.1.2.0/24')).toMatchObject({ subnet: mine.subnet });
  });

  it('takes another range when the wanted one is taken', async () => {
    const third = new DockerNetwork(mine.calls, `t${randomText(9)}`);
    const made = await third.ensureNetwork(mine.subnet);
    expect(made.subnet).not.toBe(mine.subnet);
    expect(made.subnet).toMatch(/^10\.2(1[3-9]|2[0-3])\.\d+\.0\/20$/);
    await third.removeNetwork();
  });

  it('labels a container with the two ids and nothing else', async () => {
    const runtimeId = newId('runtime');
    const id = await mine.driver.create(await mine.spec(runtimeId));
    const { Config } = await mine.calls.docker.getContainer(id).inspect();
    const ofTheImage = (await mine.calls.docker.getImage(image).inspect()).Config.Labels;
    expect(Config.Labels).toEqual({ ...ofTheImage, [installationLabel]: mine.installation, [runtimeLabel]: runtimeId });
  });

  it('says that the engine is away when nobody is behind the socket', async () => {
    const away = new DockerDriver(new EngineCalls('/run/no-such-docker.sock'), mine.installation);
    await expect(away.list()).rejects.toMatchObject({ code: 'ENGINE_UNAVAILABLE' });
    await expect(away.engine()).rejects.toBeInstanceOf(Temporary);
    await expect(away.watch(() => undefined, new AbortController().signal)).rejects.toMatchObject({ code: 'ENGINE_UNAVAILABLE' });
  });
});
