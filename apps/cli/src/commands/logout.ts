import { ApiFailure, answerOf } from '@berth/client/client';
import type { Command } from 'commander';
import type { Run } from '../context';

export function logoutCommand(program: Command, run: Run): void {
  program
    .command('logout')
    .description('revoke the kept access token and forget it')
    .action(
      run(async (context) => {
        const { apiUrl, credentials, output } = context;
        const kept = credentials.find(apiUrl);
        if (!kept) return output.result({ apiUrl, signedOut: false }, `You were not signed in to ${apiUrl}.`);
        try {
          await answerOf(context.clientWith(kept.token).DELETE('/v1/tokens/current'));
        } catch (error) {
          // An ended or revoked token is as good as signed out.
          if (!(error instanceof ApiFailure) || error.status !== 401) throw error;
        }
        credentials.remove(apiUrl);
        output.result({ apiUrl, signedOut: true }, `Signed out of ${apiUrl}.`);
      }),
    );
}
