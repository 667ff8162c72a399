import { keptConfig } from './config';
import { serveControl } from './http/control-server';
import { keepAlive } from './keep-alive';
import { errorFields, log, redirectConsole } from './log/log';
import { patchParseServer } from './parse/parse-patches';
import { Runtime } from './runtime';

/** File descriptors that PID 1 hands down: the socket of the app's traffic, and its own way in. */
const trafficFd = 3;
const controlFd = 4;

async function main(): Promise<void> {
  const started = performance.timeOrigin;
  const since = () => Math.round(performance.timeOrigin + performance.now() - started);
  const bootMs: Record<string, number> = { loaded: since() };
  // Parse Server's dependencies warn of their own ways; nobody who reads this log can change them
  process.noDeprecation = true;
  redirectConsole();
  keepAlive();
  patchParseServer();

  let served = (_answer: unknown) => {};
  const ready = new Promise<unknown>((resolve) => {
    served = resolve;
  });
  const runtime = new Runtime('/data/app');
  const end = (reason: 'replaced' | 'stopping') => void runtime.traffic.drain(reason).finally(() => process.exit(0));
  process.once('SIGTERM', () => end('stopping'));
  serveControl(controlFd, {
    ready: () => ready,
    apply: (body) => runtime.apply(body),
    usage: () => runtime.usage(),
    drain: () => end('replaced'),
  });

  await runtime.boot(keptConfig());
  bootMs.node = since();
  await runtime.traffic.listen({ fd: trafficFd });
  served({ bootMs });
}

main().catch((error: unknown) => {
  log('fatal', 'parse', 'the backend cannot start', errorFields(error));
  process.exitCode = 1;
  setTimeout(() => process.exit(1), 100);
});
