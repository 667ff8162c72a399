import { text } from 'node:stream/consumers';
import { CliError, exitCodes } from './failures';
import type { Output } from './output';

/** Questions go to stderr, so that stdout stays the result's. */
const io = { input: process.stdin, output: process.stderr };

function canAsk(output: Output): boolean {
  return !output.json && process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** @throws CliError where nobody can be asked, or when it is cancelled */
export async function askText(output: Output, message: string, option: string): Promise<string> {
  requireTerminal(output, option);
  const clack = await import('@clack/prompts');
  return answered<string>(await clack.text({ message, ...io, validate: (value) => (value ? undefined : 'It is empty.') }));
}

/** @throws CliError like {@link askText} */
export async function askPassword(output: Output, message: string): Promise<string> {
  requireTerminal(output, '--password or --password-stdin');
  const clack = await import('@clack/prompts');
  return answered<string>(await clack.password({ message, ...io, validate: (value) => (value ? undefined : 'It is empty.') }));
}

/** @throws CliError when the answer is no, or nobody can be asked */
export async function confirmOrStop(output: Output, message: string, option: string): Promise<void> {
  requireTerminal(output, option);
  const clack = await import('@clack/prompts');
  if (!answered<boolean>(await clack.confirm({ message, initialValue: false, ...io }))) throw cancelled();
}

/** The first line of stdin, for passwords that must not stand in a list of processes. */
export async function readPasswordFromStdin(): Promise<string> {
  return (await text(process.stdin)).replace(/\r?\n[\s\S]*$/, '');
}

function requireTerminal(output: Output, option: string): void {
  if (canAsk(output)) return;
  throw new CliError('USAGE', `There is no terminal to ask on: give ${option}.`, 'See berth COMMAND --help.', exitCodes.usage);
}

function answered<T extends string | boolean>(answer: T | symbol): T {
  if (typeof answer === 'symbol') throw cancelled();
  return answer as T;
}

function cancelled(): CliError {
  return new CliError('CANCELLED', 'Cancelled.', 'Nothing was changed.');
}
