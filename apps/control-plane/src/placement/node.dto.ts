import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { listOf } from '../http/pagination';
import { type NodeLoad, refusalOf } from './choose-node';

const reason = z.object({ code: z.string(), message: z.string() });

export const node = z
  .object({
    id: z.string(),
    name: z.string(),
    version: z.string(),
    takesApps: z.boolean(),
    refusal: z.string().nullable().describe('Why it takes no new apps.'),
    refusing: reason.nullable().describe('What the node itself says.'),
    heartbeatAt: z.iso.datetime(),
    engine: z.object({ version: z.string(), cgroup: z.number(), storageDriver: z.string() }).nullable(),
    capacity: z.object({ memoryMb: z.number(), cpus: z.number(), diskFreeMb: z.number() }),
    runtimes: z.int().describe('Placed there and not in the trash.'),
    promisedMemoryMb: z.number().describe('The most they may take together.'),
    quarantine: z
      .array(z.object({ kind: z.string(), name: z.string(), foundAt: z.iso.datetime(), reason: z.string() }))
      .describe('Found on the node, and left alone because no record explains it.'),
  })
  .meta({ id: 'Node' });

export class NodeList extends createZodDto(listOf(node)) {}

export function toNode({ node: found, runtimes, memoryMb }: NodeLoad, now: Date): z.infer<typeof node> {
  const refusal = refusalOf(found, now);
  return {
    id: found._id,
    name: found.name,
    version: found.version,
    takesApps: refusal === null,
    refusal,
    refusing: found.refusing ? { code: found.refusing.code, message: found.refusing.message } : null,
    heartbeatAt: found.heartbeatAt.toISOString(),
    engine: found.engine
      ? { version: found.engine.version, cgroup: found.engine.cgroup, storageDriver: found.engine.storageDriver }
      : null,
    capacity: {
      memoryMb: found.capacity.memoryMb,
      cpus: found.capacity.cpus,
      diskFreeMb: found.capacity.diskFreeMb,
    },
    runtimes,
    promisedMemoryMb: memoryMb,
    quarantine: found.quarantine.map(({ kind, name, foundAt, reason: why }) => ({
      kind,
      name,
      foundAt: foundAt.toISOString(),
      reason: why,
    })),
  };
}
