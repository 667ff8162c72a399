import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { operation } from '../operations/operation.dto';
import { keyKinds } from './keys';

const kind = z.enum(keyKinds);
const environmentName = z.string().min(1).max(64).describe('`production`.');
const app = z.string().min(1).max(64).describe('Id or slug.');

export class EnvironmentParam extends createZodDto(z.object({ app, env: environmentName })) {}
export class KeyParam extends createZodDto(z.object({ app, env: environmentName, kind })) {}

export class RotateKeyBody extends createZodDto(
  z.strictObject({ oldValidHours: z.int().min(0).max(720).describe('How long the old value stays valid; 0 ends it at once.') }),
) {}

export class KeysAnswer extends createZodDto(
  z
    .object({
      applicationId: z.string(),
      javascriptKey: z.string(),
      restApiKey: z.string(),
      clientKey: z.string(),
      masterKey: z.string(),
      readOnlyMasterKey: z.string(),
      previous: z.array(z.object({ kind, validUntil: z.iso.datetime() })).describe('Former values that are still valid.'),
    })
    .meta({ id: 'Keys' }),
) {}

export class RotatedKey extends createZodDto(
  z.object({
    kind,
    value: z.string(),
    oldValidUntil: z.iso.datetime().nullable().describe('null when the old value has ended.'),
    operation,
  }),
) {}
