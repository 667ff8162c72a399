import type { Command } from 'commander';
import { getApp, getKeys } from '../apps';
import type { Run } from '../context';
import { pairs } from '../output';

export function showKeysCommand(keys: Command, run: Run): void {
  keys
    .command('show <app>')
    .description('application id and keys of an app, the master key too')
    .action(
      run(async (context, _options: object, name: string) => {
        const client = context.signedIn();
        const found = await getKeys(client, await getApp(client, name));
        const former = found.previous.map(({ kind, validUntil }) => `former ${kind} key valid until ${validUntil}`);
        const values = pairs({
          'Application id': found.applicationId,
          'JavaScript key': found.javascriptKey,
          'REST API key': found.restApiKey,
          'Client key': found.clientKey,
          'Master key': found.masterKey,
          'Read-only master key': found.readOnlyMasterKey,
        });
        context.output.result(found, [values, ...former].join('\n'));
      }),
    );
}
