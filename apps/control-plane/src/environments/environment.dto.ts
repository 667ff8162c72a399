import type { Settings } from '@berth/config/settings';
import { type RuntimeDocument, runtimeStates } from '@berth/contracts/documents/runtime';
import { z } from 'zod';
import type { EnvironmentDocument } from './environment.schema';
import { environmentAddresses } from './environment-addresses';

export const reason = z.object({ code: z.string(), message: z.string() });

export const environment = z
  .object({
    id: z.string(),
    name: z.string(),
    address: z.string().describe('Origin of the app.'),
    serverUrl: z.string().describe('Where the Parse API is.'),
    liveQueryUrl: z.string(),
    graphqlUrl: z.string(),
    pathUrl: z.string().describe('The Parse API for machines that cannot resolve the host name.'),
    applicationId: z.string(),
    mountPath: z.string(),
    power: z.enum(['running', 'frozen', 'stopped']).describe('What its runtime is meant to do.'),
    admission: z.enum(['open', 'read-only', 'suspended', 'maintenance']),
    state: z.enum(runtimeStates).describe('What its runtime does.'),
    reason: reason.nullable(),
    image: z.string().nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Environment' });

export type EnvironmentView = z.infer<typeof environment>;

/** `runtime` is null only for a moment, before a creation has written it or after a purge has dropped it. */
export function toEnvironment(
  settings: Settings,
  slug: string,
  row: EnvironmentDocument,
  runtime: RuntimeDocument | null,
): EnvironmentView {
  const power = runtime?.desired.power ?? 'running';
  const told = runtime?.observed.reason ?? null;
  return {
    id: row._id,
    name: row.name,
    ...environmentAddresses(settings, slug, row),
    applicationId: row.applicationId,
    mountPath: row.mountPath,
    power: power === 'trashed' || power === 'deleted' ? 'stopped' : power,
    admission: 'open',
    state: runtime?.observed.state ?? 'requested',
    reason: told ? { code: told.code, message: told.message } : null,
    image: runtime?.observed.image ?? runtime?.image ?? null,
    createdAt: row.createdAt.toISOString(),
  };
}
