import { type AddressInfo, createServer, type Server } from 'node:net';

describe('taken ports', () => {
  let server: Server;
  let port: number;
  beforeAll(async () => {
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it('are named with who holds them, and with the setting that chooses another', async () => {
    const { checkPorts } = await import('./ports.mjs');
    const check = () => checkPorts([{ setting: 'BERTH_API_PORT', port, use: 'the API and the console' }], () => false);
    expect(check).toThrow(
      new RegExp(`^Port ${port}, meant for the API and the console, is held by process ${process.pid} \\(.*node.*\\)\\.$`),
    );
    expect(check).toThrow(
      expect.objectContaining({ action: 'End that program, or choose another port: BERTH_API_PORT=… npm start' }),
    );
  });

  it('are no trouble when a part of ours that still runs holds them', async () => {
    const { checkPorts } = await import('./ports.mjs');
    checkPorts([{ setting: 'BERTH_API_PORT', port, use: 'the API and the console' }], (pid) => pid === process.pid);
  });

  it('must differ from each other', async () => {
    const { checkPorts, neededPorts } = await import('./ports.mjs');
    const { readSetupSettings } = await import('../lib/settings.mjs');
    const settings = readSetupSettings({ BERTH_HOME: '/nowhere', BERTH_API_PORT: '4080' });
    expect(() => checkPorts(neededPorts(settings), () => false)).toThrow(
      'BERTH_API_PORT: port 4080 is used by another setting too.',
    );
  });

  it('of MongoDB and Redis are not looked at when the operator brings their own', async () => {
    const { neededPorts } = await import('./ports.mjs');
    const { readSetupSettings } = await import('../lib/settings.mjs');
    const own = readSetupSettings({ BERTH_HOME: '/nowhere', MONGODB_URL: 'mongodb://db/berth', REDIS_URL: 'redis://r' });
    expect(neededPorts(own).map(({ setting }) => setting)).not.toEqual(expect.arrayContaining(['BERTH_MONGODB_PORT']));
    expect(neededPorts(own)).toHaveLength(6);
  });
});
