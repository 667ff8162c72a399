import { answerOf } from '@berth/client/client';
import type { Command } from 'commander';
import type { Run } from '../context';
import { pairs } from '../output';

export function whoamiCommand(program: Command, run: Run): void {
  program
    .command('whoami')
    .description('the account that commands act for')
    .action(
      run(async (context) => {
        const { account } = await answerOf(context.signedIn().GET('/v1/account'));
        const from = context.environment.BERTH_TOKEN ? 'BERTH_TOKEN' : context.credentials.path;
        const text = pairs({ Account: account.email, API: context.apiUrl, 'Token from': from });
        context.output.result({ account, apiUrl: context.apiUrl, tokenFrom: from }, text);
      }),
    );
}
