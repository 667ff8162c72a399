import type { Command } from 'commander';
import type { Run } from '../context';
import { type CredentialOptions, readCredentials, signIn } from './account';

export function loginCommand(program: Command, run: Run): void {
  program
    .command('login')
    .description('sign in and keep an access token')
    .option('--email <address>')
    .option('--password <password>')
    .option('--password-stdin', 'read the password from stdin')
    .action(
      run(async (context, options: CredentialOptions) => {
        const signedIn = await signIn(context, await readCredentials(context, options));
        context.output.result(signedIn, `Signed in to ${signedIn.apiUrl} as ${signedIn.email}.`);
        if (context.environment.BERTH_TOKEN) context.output.note('BERTH_TOKEN is set and goes before this sign-in.');
      }),
    );
}
