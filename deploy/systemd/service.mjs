// @ts-check
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFailed, run } from '../images/run.mjs';
import { readJson, writeWhole } from '../lib/files.mjs';
import { SetupError } from '../lib/setup-error.mjs';
import { waitFor } from '../lib/wait.mjs';
import { saveInstallation } from '../setup/installation.mjs';
import { hasSystemd } from '../setup/machine.mjs';
import { supervisorStatus } from '../supervisor/control-client.mjs';

const UNIT = 'berth.service';
const UNIT_PATH = `/etc/systemd/system/${UNIT}`;

/**
 * The unit's text. Only the supervisor is systemd's to end and to bring back: the parts outlive it, and it stops them in order itself.
 * @param {{ home: string, node: string, release: string, swapFile?: string }} options
 */
export function unitText({ home, node, release, swapFile }) {
  return `# written by npm start -- --service
[Unit]
Description=Berth, hosting control plane for backend apps
Requires=docker.service
After=docker.service network-online.target
Wants=network-online.target

[Service]
Type=exec
Environment=BERTH_HOME=${home}
${swapFile ? `ExecStartPre=-/sbin/swapon ${swapFile}\n` : ''}ExecStart=${node} --max-semi-space-size=1 --max-old-space-size=96 ${join(release, 'deploy/supervisor/main.mjs')} --journal
KillMode=process
TimeoutStopSec=240
Restart=on-failure
RestartSec=500ms
RestartForceExitStatus=75
StartLimitIntervalSec=0
LimitNOFILE=1048576
OOMScoreAdjust=-500

[Install]
WantedBy=multi-user.target
`;
}

/**
 * Installs the unit and starts it.
 * @param {import('../lib/home.mjs').Home} home
 * @param {import('../supervisor/platform.mjs').Platform} platform
 * @param {import('../terminal/steps.mjs').StepContext} step
 */
export async function startService(home, platform, step) {
  if (!hasSystemd())
    throw new SetupError(
      'This machine has no systemd, so there is no service to install.',
      'Leave it running without: npm start -- --detach',
    );
  const installation = readJson(home.installation, /** @type {any} */ ({}));
  writeUnit(home, platform, installation);
  saveInstallation(home, { ...installation, unit: true });
  try {
    await run('systemctl', ['daemon-reload']);
    await run('systemctl', ['enable', '--now', UNIT]);
  } catch (error) {
    const output = error instanceof CommandFailed ? error.lastLines : [];
    throw new SetupError('The systemd unit could not be started.', `See why: journalctl -u ${UNIT}`, { output });
  }
  await waitFor(async () => (await supervisorStatus(home.supervisorSocket)) !== undefined, { timeoutMs: 15_000 });
  step.outcome('enabled: back after a reboot');
}

/**
 * @param {import('../lib/home.mjs').Home} home
 * @param {import('../supervisor/platform.mjs').Platform} platform
 * @param {import('../setup/installation.mjs').Installation} installation
 */
function writeUnit(home, platform, installation) {
  const swapFile = installation.swapFile ? home.swapFile : undefined;
  writeWhole(UNIT_PATH, unitText({ home: home.home, node: platform.node, release: platform.release, swapFile }));
}

/** Points an installed unit at a newer release. @param {import('../lib/home.mjs').Home} home @param {import('../supervisor/platform.mjs').Platform} platform */
export async function updateService(home, platform) {
  writeUnit(home, platform, readJson(home.installation, /** @type {any} */ ({})));
  await run('systemctl', ['daemon-reload']);
}

/** Ends the service and removes its unit. */
export async function removeService() {
  await run('systemctl', ['disable', '--now', UNIT]).catch(() => {}); // not there any more: then only the file may be left
  rmSync(UNIT_PATH, { force: true });
  await run('systemctl', ['daemon-reload']);
}

/** @param {import('../lib/home.mjs').Home} home @returns {Promise<boolean>} whether systemd runs this installation */
export async function serviceIsActive(home) {
  if (!hasSystemd() || !existsSync(UNIT_PATH)) return false;
  const unit = await run('systemctl', ['show', UNIT, '--property=ActiveState,Environment']).catch(() => '');
  return unit.includes('ActiveState=active') && unit.includes(`BERTH_HOME=${home.home}`);
}
