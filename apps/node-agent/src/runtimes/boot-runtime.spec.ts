import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RuntimeDocument } from '@berth/contracts/documents/runtime';
import { newId } from '@berth/contracts/ids';
import { FakeDriver } from '@berth/drivers/fake/fake-driver';
import { Fatal, Temporary } from '@berth/drivers/port/driver-errors';
import { KeyRing } from '@berth/keyring/key-ring';
import { AdminClient } from './admin-client';
import { bootRuntime, Superseded } from './boot-runtime';
import { pushConfig } from './push-config';

const image = 'berth/runtime:1';
const never = new AbortController().signal;

describe('a runtime’s admin socket', () => {
  const id = newId('runtime');
  let folder: string;
  let admin: AdminClient;
  let driver: FakeDriver;
  let containerId: string;
  let server: Server | undefined;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'berth-admin-'));
    admin = new AdminClient(folder);
    driver = new FakeDriver();
    driver.addImage(image);
    const size = { memoryMb: 64, cpus: 0.5, pids: 64, diskMb: 100 };
    containerId = await driver.create({
      runtimeId: id,
      image,
      size,
      address: '10.0.0.2',
      dataFolder: folder,
      adminFolder: folder,
    });
    await driver.start(containerId);
  });
  afterEach(async () => {
    server?.closeAllConnections();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
    server = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  const serve = async (answer: (path: string, body: string, response: ServerResponse) => void) => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => answer(request.url ?? '', body, response));
    });
    await new Promise<void>((resolve) => server?.listen(admin.socketPath, resolve));
  };
  const send = (response: ServerResponse, status: number, body: unknown) => {
    response.statusCode = status;
    response.end(JSON.stringify(body));
  };

  describe('while it boots', () => {
    it('is waited for until it is there, and tells the generation it has', async () => {
      const booting = bootRuntime(id, admin, driver, 30, never);
      await serve((_path, _body, response) => send(response, 200, { generation: 7 }));
      expect(await booting).toBe(7);
    });

    it('is asked again as long as it is not ready, until the time is up; then its last state is told', async () => {
      const state = { postgres: 'starting', node: { state: 'ready' } };
      await serve((_path, _body, response) => send(response, 503, { code: 'NOT_READY', ...state }));
      const error = await bootRuntime(id, admin, driver, 0.3, never).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Temporary);
      expect(error).toMatchObject({
        code: 'RUNTIME_BOOT_FAILED',
        message: expect.stringContaining('PostgreSQL starting, Node ready'),
      });
    });

    it('fails as soon as its container has ended, with how and its last words', async () => {
      driver.endContainer(id, 3);
      await expect(bootRuntime(id, admin, driver, 30, never)).rejects.toThrow('it ended with exit code 3: fake');
    });

    it('fails when it ran out of memory, or its container is gone', async () => {
      driver.endContainer(id, 137, true);
      await expect(bootRuntime(id, admin, driver, 30, never)).rejects.toThrow('it ran out of memory');
      await driver.remove(containerId);
      await expect(bootRuntime(id, admin, driver, 30, never)).rejects.toThrow('its container was removed');
    });

    it('is no longer waited for when the record asks for something else', async () => {
      await serve((_path, _body, response) => send(response, 503, { code: 'NOT_READY' }));
      await expect(bootRuntime(id, admin, driver, 30, never, async () => false)).rejects.toBeInstanceOf(Superseded);
    });

    it('is no longer waited for when the agent stops', async () => {
      const stopping = new AbortController();
      const booting = bootRuntime(id, admin, driver, 30, stopping.signal);
      stopping.abort(new Error('the agent stops'));
      await expect(booting).rejects.toThrow();
    });
  });

  describe('when it is configured', () => {
    const keyRing = KeyRing.parse(KeyRing.newKeyLine('k1'));
    const config = { generation: 3, environmentId: 'env_1' };
    const row = (sealed = keyRing.seal(JSON.stringify(config), `runtime:${id}:config`)) =>
      ({ _id: id, config: { generation: 3, sealed } }) as RuntimeDocument;

    it('gets the opened configuration, and its acknowledgement counts', async () => {
      const received: string[] = [];
      await serve((path, body, response) => {
        received.push(path, body);
        send(response, 200, { generation: 3, appliedMs: 1 });
      });
      expect(await pushConfig(row(), admin, keyRing, never)).toBe(3);
      expect(received).toEqual(['/config', JSON.stringify(config)]);
    });

    it.each([
      [422, { code: 'CONFIG_REFUSED', message: 'no such mount path' }, Fatal, 'no such mount path'],
      [409, { code: 'STALE_GENERATION', message: 'generation 5 is applied' }, Fatal, 'generation 5 is applied'],
      [500, { code: 'INTERNAL', message: 'the disk is read-only' }, Temporary, 'the disk is read-only'],
      [200, { generation: 2 }, Fatal, 'generation 3 was wanted, 2 was acknowledged'],
      [200, {}, Fatal, 'generation 3 was wanted'],
    ])('%i %j is told', async (status, body, kind, message) => {
      await serve((_path, _body, response) => send(response, status, body));
      const error = await pushConfig(row(), admin, keyRing, never).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(kind);
      expect(error).toMatchObject({ message: expect.stringContaining(message) });
    });

    it('never sees a configuration that was sealed for another runtime', async () => {
      let calls = 0;
      await serve((_path, _body, response) => {
        calls += 1;
        send(response, 200, { generation: 3 });
      });
      const foreign = row(keyRing.seal(JSON.stringify(config), 'runtime:rt_other:config'));
      await expect(pushConfig(foreign, admin, keyRing, never)).rejects.toMatchObject({ code: 'RUNTIME_CONFIG_REFUSED' });
      expect(calls).toBe(0);
    });
  });
});
