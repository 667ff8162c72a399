import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs a copied curl snippet; gives what the server answered, and fails when it refused. */
export async function runShell(snippet: string): Promise<string> {
  const { stdout } = await run('bash', ['-euc', snippet.replaceAll(/^curl /gm, 'curl -sS --fail-with-body ')]);
  return stdout;
}

/** Runs a copied JavaScript snippet in `folder`, from which it must find the Parse SDK. */
export async function runNode(folder: string, file: string): Promise<string> {
  const { stdout } = await run(process.execPath, [file], { cwd: folder });
  return stdout;
}
