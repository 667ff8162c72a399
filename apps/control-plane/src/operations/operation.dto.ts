import { operationKinds, operationStates, stepStates } from '@berth/contracts/documents/operation';
import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import type { OperationRow } from './operation.schema';

const time = z.iso.datetime();

const step = z.object({
  name: z.string(),
  state: z.enum(stepStates),
  startedAt: time.nullable(),
  finishedAt: time.nullable(),
  ms: z.int().nullable().describe('How long it took; null until it has ended.'),
});

export const operation = z
  .object({
    id: z.string(),
    kind: z.enum(operationKinds),
    appId: z.string(),
    environmentId: z.string().nullable(),
    state: z.enum(operationStates),
    steps: z.array(step),
    error: z.object({ code: z.string(), message: z.string(), next: z.string() }).nullable(),
    createdAt: time,
    finishedAt: time.nullable(),
  })
  .meta({ id: 'Operation' });

export type OperationView = z.infer<typeof operation>;

export class OperationAnswer extends createZodDto(operation) {}

export function toOperation(row: OperationRow): OperationView {
  return {
    id: row._id,
    kind: row.kind,
    appId: row.appId,
    environmentId: row.environmentId,
    state: row.state,
    steps: row.steps.map(({ name, state, startedAt, finishedAt }) => ({
      name,
      state,
      startedAt: startedAt?.toISOString() ?? null,
      finishedAt: finishedAt?.toISOString() ?? null,
      ms: startedAt && finishedAt ? finishedAt.getTime() - startedAt.getTime() : null,
    })),
    error: row.error ? { code: row.error.code, message: row.error.message, next: row.error.next } : null,
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}
