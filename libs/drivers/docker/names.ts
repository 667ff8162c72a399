import { createHash } from 'node:crypto';

/** The only two labels there are: owners change, labels cannot. */
export const installationLabel = 'berth.installation';
export const runtimeLabel = 'berth.runtime';

export function containerName(installationId: string, runtimeId: string): string {
  return `berth-${installationId}-${runtimeId}`;
}

export function networkName(installationId: string): string {
  return `berth-${installationId}-runtimes`;
}

/** The kernel allows 15 characters, an installation id alone may have 16. */
export function bridgeName(installationId: string): string {
  return `berth-${createHash('sha256').update(installationId).digest('hex').slice(0, 8)}`;
}
