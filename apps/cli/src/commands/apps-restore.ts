import { answerOf } from '@berth/client/client';
import type { Command } from 'commander';
import { describeApp, getApp } from '../apps';
import type { Run } from '../context';
import { followOperation } from '../follow-operation';
import { createProgress } from '../progress';

export function restoreAppCommand(apps: Command, run: Run): void {
  apps
    .command('restore <app>')
    .description('take an app out of the trash and wait until it serves')
    .action(
      run(async (context, _options: object, name: string) => {
        const client = context.signedIn();
        const { app, operation } = await answerOf(client.POST('/v1/apps/{app}/restore', { params: { path: { app: name } } }));
        await followOperation(client, operation, await createProgress(`Restoring ${app.slug}`, context.output));
        const restored = await getApp(client, app.id);
        context.output.result(restored, describeApp(restored));
      }),
    );
}
