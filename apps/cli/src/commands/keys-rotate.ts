import { answerOf } from '@berth/client/client';
import { Argument, type Command, InvalidArgumentError } from 'commander';
import { environmentOf, getApp } from '../apps';
import type { Run } from '../context';
import { followOperation } from '../follow-operation';
import { createProgress } from '../progress';

const kinds = ['javascript', 'rest', 'client', 'master', 'readOnlyMaster'] as const;
type Kind = (typeof kinds)[number];

export function rotateKeyCommand(keys: Command, run: Run): void {
  keys
    .command('rotate <app>')
    .description('a new value for a key')
    .addArgument(new Argument('<kind>').choices(kinds))
    .option('--old-valid-hours <hours>', 'how long the old value stays valid, 0 to 720', wholeHours, 24)
    .action(
      run(async (context, { oldValidHours }: { oldValidHours: number }, name: string, kind: string) => {
        const client = context.signedIn();
        const app = await getApp(client, name);
        const path = { app: app.id, env: environmentOf(app).name, kind: kind as Kind };
        const { operation, ...rotated } = await answerOf(
          client.POST('/v1/apps/{app}/environments/{env}/keys/{kind}/rotate', { params: { path }, body: { oldValidHours } }),
        );
        await followOperation(client, operation, await createProgress(`Rotating the ${kind} key of ${app.slug}`, context.output));
        const old = rotated.oldValidUntil ? `The old one is valid until ${rotated.oldValidUntil}.` : 'The old one has ended.';
        context.output.result(rotated, `${rotated.value}\n${old}`);
      }),
    );
}

export function wholeHours(text: string): number {
  if (/^\d{1,3}$/.test(text) && Number(text) <= 720) return Number(text);
  throw new InvalidArgumentError('Allowed: a whole number from 0 to 720.');
}
