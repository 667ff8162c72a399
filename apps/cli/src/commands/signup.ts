import { answerOf } from '@berth/client/client';
import type { Command } from 'commander';
import type { Run } from '../context';
import { localSetupToken } from '../installation';
import { type CredentialOptions, readCredentials, signIn } from './account';

interface SignUpOptions extends CredentialOptions {
  name?: string;
  invitation?: string;
  setupToken?: string;
}

export function signUpCommand(program: Command, run: Run): void {
  program
    .command('signup')
    .description('make an account and sign in; on a new Berth the first one becomes its operator')
    .option('--email <address>')
    .option('--password <password>')
    .option('--password-stdin', 'read the password from stdin')
    .option('--name <name>')
    .option('--invitation <code>', 'where sign-up is by invitation')
    .option('--setup-token <token>', 'for the first account; found by itself on the machine that Berth runs on')
    .action(
      run(async (context, options: SignUpOptions) => {
        const client = context.anonymous();
        const { needsSetup } = await answerOf(client.GET('/v1/setup'));
        const setupToken = options.setupToken ?? (needsSetup ? localSetupToken(context.apiUrl, context.installation) : undefined);
        const credentials = await readCredentials(context, options);
        const { name, invitation } = options;
        const body = {
          ...credentials,
          ...(name ? { name } : {}),
          ...(invitation ? { invitation } : {}),
          ...(setupToken ? { setupToken } : {}),
        };
        const { account } = await answerOf(client.POST('/v1/accounts', { body }));
        const signedIn = await signIn(context, credentials);
        const text = `Your account ${account.email} is made, and you are signed in to ${signedIn.apiUrl}.\nNow: berth apps create hello`;
        context.output.result({ account, ...signedIn }, text);
      }),
    );
}
