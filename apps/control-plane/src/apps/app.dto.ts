import { mountPath } from '@berth/contracts/runtime-config';
import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { environment, reason } from '../environments/environment.dto';
import { listOf, pageQuery } from '../http/pagination';
import { operation } from '../operations/operation.dto';
import { appName, printableText } from './app-name';
import { appStates } from './app-state';
import { appListStates } from './apps.repository';

const name = appName.describe('1 to 60 characters of any script.');
// Which slugs there may be is SLUG_INVALID's to say, with the problem.
const slug = z.string().max(1000).describe('Address name: 3 to 40 lower-case letters, digits and single hyphens.');
const key = printableText(200);

const identity = z
  .strictObject({
    applicationId: key,
    javascriptKey: key.optional(),
    restApiKey: key.optional(),
    clientKey: key.optional(),
    masterKey: key.optional(),
    readOnlyMasterKey: key.optional(),
  })
  .refine(mastersDiffer, 'the master keys must differ from all other keys')
  .describe('Of an app that was made elsewhere and whose clients are shipped already. Keys that are left out are made.');

export class CreateAppBody extends createZodDto(
  z.strictObject({
    name,
    slug: slug.optional(),
    orgId: z.string().max(64).optional().describe('Your personal organization when left out.'),
    identity: identity.optional(),
    mountPath: mountPath.default('/parse').describe('Path of the Parse API in the address.'),
  }),
) {}

export class RenameAppBody extends createZodDto(
  z
    .strictObject({ name: name.optional(), slug: slug.optional() })
    .refine((body) => body.name !== undefined || body.slug !== undefined, 'name or slug'),
) {}

export class AppParam extends createZodDto(z.object({ app: z.string().min(1).max(64).describe('Id or slug.') })) {}
export class AppsQuery extends createZodDto(pageQuery.extend({ state: z.enum(appListStates).default('active') })) {}
export class PurgeQuery extends createZodDto(z.strictObject({ confirm: z.string().max(64).describe('The slug of the app.') })) {}

export const app = z
  .object({
    id: z.string(),
    orgId: z.string(),
    name: z.string(),
    slug: z.string(),
    state: z.enum(appStates),
    reason: reason.nullable().describe('Why it failed, or what keeps it from running.'),
    createdAt: z.iso.datetime(),
    trashedAt: z.iso.datetime().nullable(),
    purgeAt: z.iso.datetime().nullable().describe('When it goes for good; for a failed creation, when its record goes.'),
    environments: z.array(environment),
  })
  .meta({ id: 'App' });

export type AppView = z.infer<typeof app>;

export class AppAnswer extends createZodDto(app) {}
export class AppList extends createZodDto(listOf(app)) {}
export class AppOperation extends createZodDto(z.object({ app, operation })) {}

function mastersDiffer(keys: Record<string, string | undefined>): boolean {
  const { masterKey, readOnlyMasterKey, applicationId: _, ...others } = keys;
  const masters = [masterKey, readOnlyMasterKey].filter((each) => each !== undefined);
  const all = [...masters, ...Object.values(others).filter((each) => each !== undefined)];
  return masters.every((each) => all.filter((other) => other === each).length === 1);
}
