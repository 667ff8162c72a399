import { version } from '@berth/config/version';
import { Command } from 'commander';
import { resetPasswordCommand } from './commands/admin-reset-password';
import { createAppCommand } from './commands/apps-create';
import { deleteAppCommand } from './commands/apps-delete';
import { appInfoCommand } from './commands/apps-info';
import { listAppsCommand } from './commands/apps-list';
import { purgeAppCommand } from './commands/apps-purge';
import { renameAppCommand } from './commands/apps-rename';
import { restoreAppCommand } from './commands/apps-restore';
import { rotateKeyCommand } from './commands/keys-rotate';
import { showKeysCommand } from './commands/keys-show';
import { loginCommand } from './commands/login';
import { logoutCommand } from './commands/logout';
import { openCommand } from './commands/open';
import { signUpCommand } from './commands/signup';
import { whoamiCommand } from './commands/whoami';
import { Context, type Run } from './context';
import { describeFailure, type ExitCode, exitCodes } from './failures';
import { Output, type Stream } from './output';

/**
 * Runs one command.
 * @param words what stands after `berth`
 * @returns what the process is to end with
 */
export async function runProgram(
  words: string[],
  environment: NodeJS.ProcessEnv,
  streams: { stdout: Stream; stderr: Stream },
): Promise<ExitCode> {
  const output = new Output(words.includes('--json'), streams.stdout, streams.stderr);
  try {
    await createProgram(environment, output, streams).parseAsync(words, { from: 'user' });
    return exitCodes.ok;
  } catch (error) {
    const failure = describeFailure(error);
    if (failure.exitCode !== exitCodes.ok) output.failure(failure);
    return failure.exitCode;
  }
}

function createProgram(
  environment: NodeJS.ProcessEnv,
  output: Output,
  { stdout, stderr }: { stdout: Stream; stderr: Stream },
): Command {
  const run: Run =
    (command) =>
    async (...args) => {
      // commander hands over the arguments, then the options, then the command itself.
      const words = args.slice(0, -2);
      await command(new Context(environment, output), args.at(-2) as never, ...(words as never));
    };
  const program = new Command('berth')
    .description('Hosting for backend apps')
    .version(version)
    .option('--json', 'print one JSON object and nothing else')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => (output.json ? undefined : stderr.write(text)),
      // Errors are told in one place, with what to do next.
      outputError: () => {},
    })
    .exitOverride();
  for (const add of [signUpCommand, loginCommand, logoutCommand, whoamiCommand, openCommand]) add(program, run);
  const apps = program.command('apps').description('make and manage apps');
  for (const add of [
    createAppCommand,
    listAppsCommand,
    appInfoCommand,
    renameAppCommand,
    deleteAppCommand,
    restoreAppCommand,
    purgeAppCommand,
  ])
    add(apps, run);
  const keys = program.command('keys').description("an app's keys");
  for (const add of [showKeysCommand, rotateKeyCommand]) add(keys, run);
  resetPasswordCommand(program.command('admin').description("for the machine's operator"), run);
  return program;
}
