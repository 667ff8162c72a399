import { answerOf } from '@berth/client/client';
import type { Command } from 'commander';
import { describeApp } from '../apps';
import type { Run } from '../context';
import { CliError, exitCodes } from '../failures';

export function renameAppCommand(apps: Command, run: Run): void {
  apps
    .command('rename <app> [name]')
    .description('another name for an app, another slug, or both')
    .option('--slug <slug>', 'changes its address')
    .action(
      run(async (context, { slug }: { slug?: string }, app: string, name?: string) => {
        if (name === undefined && slug === undefined) {
          throw new CliError('USAGE', 'Give a name, --slug, or both.', 'See berth apps rename --help.', exitCodes.usage);
        }
        const body = { ...(name === undefined ? {} : { name }), ...(slug === undefined ? {} : { slug }) };
        const renamed = await answerOf(context.signedIn().PATCH('/v1/apps/{app}', { params: { path: { app } }, body }));
        context.output.result(renamed, describeApp(renamed));
      }),
    );
}
