// @ts-check
import { chmodSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';

/**
 * How the commands speak to the supervisor: HTTP on a unix socket that is root's alone.
 *
 * - `GET /status` what runs
 * - `POST /stop` ends everything; the answer's lines `{message}` tell the progress, the last one is `{done: true}`
 * - `POST /handover` ends the supervisor and leaves everything running
 * @param {string} socket
 * @param {{ status: () => object, stop: (progress: (message: string) => void) => Promise<void>, handover: () => void }} actions
 */
export async function serveControl(socket, { status, stop, handover }) {
  const server = createServer(async (request, response) => {
    const call = `${request.method} ${request.url}`;
    response.setHeader('content-type', 'application/json');
    if (call === 'GET /status') {
      response.end(JSON.stringify(status()));
    } else if (call === 'POST /stop') {
      await stop((message) => response.write(`${JSON.stringify({ message })}\n`));
      response.end(`${JSON.stringify({ done: true })}\n`);
    } else if (call === 'POST /handover') {
      response.end('{}');
      response.once('finish', handover);
    } else {
      response.statusCode = 404;
      response.end('{}');
    }
  });
  rmSync(socket, { force: true });
  const before = process.umask(0o177);
  await /** @type {Promise<void>} */ (
    new Promise((resolve, reject) => server.once('error', reject).listen(socket, () => resolve()))
  );
  process.umask(before);
  chmodSync(socket, 0o600);
  return server;
}
