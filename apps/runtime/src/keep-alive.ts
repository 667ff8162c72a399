import { errorFields, log } from './log/log';

const tooMany = 20;
const withinMs = 60_000;

/**
 * One bad request must cost one answer, not the process: what nobody caught is logged and survived. When it comes again and again the
 * process may be damaged, and ends; PID 1 starts another within the second.
 */
export function keepAlive(): void {
  let recent: number[] = [];
  const survive = (error: unknown, kind: string) => {
    log('error', 'parse', `${kind}, survived`, errorFields(error));
    const now = Date.now();
    recent = [...recent.filter((time) => time > now - withinMs), now];
    if (recent.length < tooMany) return;
    log('fatal', 'parse', `${tooMany} uncaught errors within a minute: starting over`);
    setTimeout(() => process.exit(1), 50);
  };
  process.on('uncaughtException', (error) => survive(error, 'uncaught error'));
  process.on('unhandledRejection', (reason) => survive(reason, 'unhandled rejection'));
}
