// @ts-check
import { createServer } from 'node:net';

/**
 * Ports that nobody listens on, held side by side until all are found, so that they differ.
 * @template {string} Name
 * @param {Name[]} names
 * @returns {Promise<Record<Name, number>>}
 */
export async function freePorts(names) {
  const servers = await Promise.all(names.map(listen));
  const ports = servers.map((server) => /** @type {import('node:net').AddressInfo} */ (server.address()).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return /** @type {Record<Name, number>} */ (Object.fromEntries(names.map((name, index) => [name, ports[index]])));
}

/** @returns {Promise<import('node:net').Server>} */
function listen() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, () => resolve(server));
  });
}
