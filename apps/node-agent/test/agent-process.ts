import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

const root = join(__dirname, '../../..');

/** The agent as a program of its own, so that it can be killed. Built once for a test file. */
export class AgentProgram {
  private readonly folder = mkdtempSync(join(tmpdir(), 'berth-agent-'));
  private readonly file = join(this.folder, 'node-agent.js');
  private readonly running = new Set<ChildProcess>();

  constructor() {
    buildSync({
      entryPoints: [join(root, 'apps/node-agent/src/main.ts')],
      outfile: this.file,
      bundle: true,
      packages: 'external',
      platform: 'node',
      target: 'node20',
      tsconfig: join(root, 'tsconfig.json'),
      keepNames: true,
      logLevel: 'error',
    });
  }

  start(environment: Record<string, string>): ChildProcess {
    const env = { PATH: process.env.PATH, NODE_PATH: join(root, 'node_modules'), ...environment };
    const child = spawn(process.execPath, [this.file], { env, stdio: ['ignore', 'inherit', 'inherit'] });
    this.running.add(child);
    child.once('exit', () => this.running.delete(child));
    return child;
  }

  async kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  async close(): Promise<void> {
    for (const child of this.running) await this.kill(child, 'SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
