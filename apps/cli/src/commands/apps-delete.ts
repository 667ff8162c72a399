import { answerOf } from '@berth/client/client';
import type { Command } from 'commander';
import { getApp } from '../apps';
import type { Run } from '../context';
import { followOperation } from '../follow-operation';
import { createProgress } from '../progress';
import { confirmOrStop } from '../prompts';

export function deleteAppCommand(apps: Command, run: Run): void {
  apps
    .command('delete <app>')
    .description('stop an app and put it into the trash for 30 days')
    .option('--yes', 'do not ask')
    .action(
      run(async (context, { yes }: { yes?: boolean }, name: string) => {
        const { output } = context;
        const client = context.signedIn();
        const { id, slug } = await getApp(client, name);
        if (!yes) await confirmOrStop(output, `Put ${slug} into the trash? It stops answering at once.`, '--yes');
        const { operation } = await answerOf(client.DELETE('/v1/apps/{app}', { params: { path: { app: id } } }));
        await followOperation(client, operation, await createProgress(`Deleting ${slug}`, output));
        const app = await getApp(client, id);
        output.result(
          app,
          `${slug} is in the trash until ${app.purgeAt ?? 'it is purged'}.\nBack with: berth apps restore ${slug}`,
        );
      }),
    );
}
