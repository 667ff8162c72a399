// @ts-check
// A process for the supervisor's tests: node stand-in.mjs NAME PORT ORDER_FILE. It serves /health, and notes its end in ORDER_FILE.
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [name, port, orderFile = ''] = process.argv.slice(2);

const server = createServer((_, response) => response.end('{}'));
server.listen(Number(port), '127.0.0.1', () => console.log(JSON.stringify({ level: 'info', msg: `${name} listens` })));
for (const signal of /** @type {const} */ (['SIGTERM', 'SIGUSR1'])) {
  process.on(signal, () => {
    appendFileSync(orderFile, `${name} ${signal}\n`);
    if (signal === 'SIGTERM') process.exit(0);
  });
}
