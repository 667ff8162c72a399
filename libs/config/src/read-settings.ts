import type { z } from 'zod';
import { allSettings, type Settings } from './settings';

/** A setting that cannot be used. The message names each one, what was read and what is allowed. */
export class SettingsError extends Error {
  override name = 'SettingsError';
}

const secretNames = /URL|PASSWORD|TOKEN|KEY/;

/**
 * Reads and validates the settings. An empty variable counts as not set.
 * @throws SettingsError which names every wrong setting at once.
 */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([name, value]) => name in allSettings.shape && value !== ''),
  );
  const unknown = Object.keys(environment).filter(
    (name) =>
      name.startsWith('BERTH_') && !(name in allSettings.shape) && !clientVariables.has(name) && !name.startsWith('BERTH_TEST_'),
  );
  const parsed = allSettings.safeParse(given);
  const problems = parsed.success ? [] : parsed.error.issues.map((issue) => describe(issue, given));
  for (const name of unknown) problems.push(`${name}: there is no such setting. See docs/settings.md for the names.`);
  if (problems.length > 0)
    throw new SettingsError(`These settings cannot be used:\n${problems.map((line) => `  ${line}`).join('\n')}`);
  return parsed.data as Settings;
}

/** Read by the CLI, or handed to start scripts; not settings of the platform. */
const clientVariables = new Set(['BERTH_API_URL', 'BERTH_TOKEN', 'BERTH_RUNTIME_ID', 'BERTH_DEBIAN_MIRROR']);

function describe(issue: z.core.$ZodIssue, given: Record<string, string | undefined>): string {
  const name = String(issue.path[0]);
  const read = secretNames.test(name) ? 'a value that is not shown' : JSON.stringify(given[name]);
  return `${name}: read ${read}; allowed: ${allowed(issue)}`;
}

function allowed(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_value':
      return issue.values.join(', ');
    case 'too_small':
      return `${issue.minimum} or more`;
    case 'too_big':
      return `${issue.maximum} or less`;
    default:
      return issue.message;
  }
}
