import { answerOf } from '@berth/client/client';
import type { Command } from 'commander';
import type { Run } from '../context';
import { followOperation } from '../follow-operation';
import { createProgress } from '../progress';

export function purgeAppCommand(apps: Command, run: Run): void {
  apps
    .command('purge <app>')
    .description('delete an app in the trash for good, with all its data')
    .requiredOption('--confirm <slug>', 'the slug of the app')
    .action(
      run(async (context, { confirm }: { confirm: string }, name: string) => {
        const client = context.signedIn();
        const params = { path: { app: name }, query: { confirm } };
        const { app, operation } = await answerOf(client.DELETE('/v1/apps/{app}/purge', { params }));
        await followOperation(client, operation, await createProgress(`Purging ${app.slug}`, context.output));
        context.output.result({ id: app.id, slug: app.slug, purged: true }, `${app.slug} and its data are gone.`);
      }),
    );
}
