import { type AddressInfo, createServer } from 'node:net';

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0FA0 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12345 1 0000000000000000 100 0 0 10 0
   1: 0100007F:0FA0 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 12346 1 0000000000000000 20 4 30 10 -1
   2: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12347 1 0000000000000000 100 0 0 10 0`;

describe('portHolder', () => {
  it('reads the sockets that listen on a port, and no others', async () => {
    const { listeningInodes } = await import('./port-holder.mjs');
    expect(listeningInodes(table, 4000)).toEqual(['12345']);
    expect(listeningInodes(table, 8080)).toEqual(['12347']);
    expect(listeningInodes(table, 50_000)).toEqual([]);
  });

  it('names the process that holds a port, and nobody for a free one', async () => {
    const { portHolder } = await import('./port-holder.mjs');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect(portHolder(port)).toMatchObject({ pid: process.pid, command: expect.stringContaining('node') });
    await new Promise((resolve) => server.close(resolve));
    expect(portHolder(port)).toBeUndefined();
  });
});
