import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import type { Run } from '../context';
import { CliError, exitCodes } from '../failures';
import { pairs } from '../output';

interface ResetOptions {
  passwordStdin?: boolean;
  revokeTokens?: boolean;
}

interface Reset {
  email: string;
  password: string | null;
  sessionsEnded: number;
  tokensRevoked: number;
}

export function resetPasswordCommand(admin: Command, run: Run): void {
  admin
    .command('reset-password <email>')
    .description('a new password for an account; as root on the machine that Berth runs on')
    .option('--password-stdin', 'read the password from stdin; without it one is made and shown')
    .option('--revoke-tokens', "end the account's access tokens as well")
    .action(
      run(async ({ environment, output }, { passwordStdin, revokeTokens }: ResetOptions, email: string) => {
        const flags = [...(passwordStdin ? ['--password-stdin'] : []), ...(revokeTokens ? ['--revoke-tokens'] : [])];
        const reset = await runAdmin(['reset-password', email, ...flags], environment);
        const { password, sessionsEnded, tokensRevoked } = reset;
        const ended = `${sessionsEnded} sessions ended, ${tokensRevoked} tokens revoked`;
        output.result(reset, pairs({ Account: reset.email, 'New password': password, Done: ended }));
      }),
    );
}

/** The release's own command, which reaches the database without the API. @throws CliError with its error */
async function runAdmin(words: string[], environment: NodeJS.ProcessEnv): Promise<Reset> {
  const path = join(__dirname, 'admin.js');
  if (!existsSync(path)) throw new CliError('NOT_BUILT', `${path} is missing.`, 'Run npm start, which builds it.');
  const child = spawn(process.execPath, [path, ...words], { env: environment, stdio: ['inherit', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  const [firstLine = ''] = stderr.split('\n');
  if (status === 2) throw new CliError('USAGE', firstLine, 'See berth admin reset-password --help.', exitCodes.usage);
  const answer = parseObject(stdout);
  if (status === 0 && answer) return answer as unknown as Reset;
  const { code = 'INTERNAL', message = firstLine || 'The password was not reset.', next = 'Run npm run doctor.' } = answer ?? {};
  throw new CliError(code, message, next, code === 'ACCOUNT_NOT_FOUND' ? exitCodes.notFound : exitCodes.failed);
}

function parseObject(line: string): Record<string, string> | undefined {
  try {
    return JSON.parse(line) as Record<string, string>;
  } catch {
    return undefined;
  }
}
