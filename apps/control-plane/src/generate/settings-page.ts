import { accountSettings, drillSettings, networkSettings, nodeSettings, platformSettings } from '@berth/config/settings';
import { z } from 'zod';

const sections = [
  { title: 'Platform', schema: platformSettings },
  { title: 'Network', schema: networkSettings },
  { title: 'Accounts', schema: accountSettings },
  { title: 'Machines and runtimes', schema: nodeSettings },
  { title: 'Tests and drills', schema: drillSettings },
];

/** `docs/settings.md` from the schemas that validate them. */
export function settingsPage(): string {
  return `# Settings

Made from \`libs/config/src/settings.ts\` by \`npm run generate\`. Settings are environment variables, or lines \`NAME=value\` in
\`BERTH_HOME/berth.env\`. All have defaults that work; a value that cannot be used stops the start and is named with what is allowed.
${sections.map(section).join('')}`;
}

interface Described {
  description?: string;
  default?: unknown;
  enum?: unknown[];
  type?: string;
  minimum?: number;
  maximum?: number;
}

function section({ title, schema }: (typeof sections)[number]): string {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const rows = Object.entries(properties as Record<string, Described>).map(
    ([name, setting]) =>
      `| \`${name}\` | ${defaultOf(setting)} | ${[setting.description, allowed(setting)].filter(Boolean).join(' ')} |`,
  );
  return `
## ${title}
| setting | default | meaning |
|---|---|---|
${rows.join('\n')}
`;
}

function defaultOf(setting: Described): string {
  return setting.default === undefined ? '' : `\`${String(setting.default)}\``;
}

function allowed({ enum: values, type, minimum, maximum }: Described): string {
  if (values) return `One of ${values.map((value) => `\`${String(value)}\``).join(', ')}.`;
  if (type !== 'integer' && type !== 'number') return '';
  return minimum !== undefined && maximum !== undefined ? `${minimum} to ${maximum}.` : '';
}
