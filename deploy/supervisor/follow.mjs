// @ts-check
import { isAlive } from '../lib/process-identity.mjs';
import { sleep } from '../lib/wait.mjs';
import { followLogs } from '../terminal/follow-logs.mjs';
import { askToStop } from './control-client.mjs';
import { launchSupervisor } from './launch.mjs';
import { readPlatform } from './platform.mjs';
import { readPidFile } from './process-runner.mjs';

const LOOK_EVERY_MS = 500;
/** A supervisor that hands over is followed by a new one within this time. */
const SUCCESSION_MS = 20_000;

/**
 * Stays in the foreground: shows the logs, brings a killed supervisor back, and stops everything on Ctrl-C.
 * @param {import('../lib/home.mjs').Home} home
 */
export async function followUntilStopped(home) {
  const write = (/** @type {string} */ text) => process.stdout.write(text);
  const endFollowing = followLogs(home.logs, { write, colour: process.stdout.isTTY });
  let asked = false;
  const stop = () => {
    if (asked) return;
    asked = true;
    write('\nStopping Berth …\n');
    askToStop(home.supervisorSocket, () => {}).catch(() => {}); // the log tells the progress; the loop below sees the end
  };
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, stop);
  let goneAt = 0;
  for (;;) {
    await sleep(LOOK_EVERY_MS);
    const known = readPidFile(home.pidFile('supervisor'));
    if (!known) break;
    if (isAlive(known)) goneAt = 0;
    else if (asked) break;
    else if (goneAt === 0) goneAt = Date.now();
    else if (Date.now() - goneAt > (known.handedOver ? SUCCESSION_MS : 0)) {
      write('The supervisor was killed; starting it again. Everything else went on.\n');
      await launchSupervisor(home, readPlatform(home));
      goneAt = 0;
    }
  }
  endFollowing();
  write('Berth has stopped. Start it again: npm start\n');
}
