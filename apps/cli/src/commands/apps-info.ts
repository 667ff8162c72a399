import type { Command } from 'commander';
import { describeApp, getApp } from '../apps';
import type { Run } from '../context';

export function appInfoCommand(apps: Command, run: Run): void {
  apps
    .command('info <app>')
    .description('state and addresses of an app (id or slug)')
    .action(
      run(async (context, _options: object, name: string) => {
        const app = await getApp(context.signedIn(), name);
        context.output.result(app, describeApp(app));
      }),
    );
}
