import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { listOf } from '../http/pagination';
import { roles } from './roles';

export const org = z
  .object({
    id: z.string(),
    name: z.string(),
    personal: z.boolean().describe('Made at sign-up for this account alone.'),
    role: z.enum(roles).describe('Your role in it.'),
  })
  .meta({ id: 'Org' });

export class OrgList extends createZodDto(listOf(org)) {}
