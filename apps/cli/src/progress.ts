import type { components } from '@berth/client/schema';
import type { Output } from './output';

type Operation = components['schemas']['Operation'];

/** Tells of an operation's steps while it runs. */
export interface Progress {
  update(operation: Operation): void;
  done(): void;
  fail(): void;
}

/** A spinner on a terminal, lines elsewhere, nothing with `--json`. */
export async function createProgress(title: string, output: Output): Promise<Progress> {
  if (output.json) return { update: () => {}, done: () => {}, fail: () => {} };
  if (process.stderr.isTTY !== true) return new LineProgress(title, output);
  const { spinner } = await import('@clack/prompts');
  const spin = spinner({ output: process.stderr });
  spin.start(title);
  return {
    update: (operation) => spin.message(`${title}: ${currentStep(operation)}`),
    done: () => spin.stop(title),
    fail: () => spin.error(title),
  };
}

/** One line for each step that has ended. */
export class LineProgress implements Progress {
  private readonly told = new Set<string>();

  constructor(
    title: string,
    private readonly output: Output,
  ) {
    output.note(title);
  }

  update({ steps }: Operation): void {
    for (const { name, state, ms } of steps) {
      if ((state !== 'done' && state !== 'failed') || this.told.has(name)) continue;
      this.told.add(name);
      this.output.note(`  ${name} ${state}${ms === null ? '' : ` in ${ms} ms`}`);
    }
  }

  done(): void {}

  fail(): void {}
}

function currentStep({ steps }: Operation): string {
  const step = steps.find(({ state }) => state === 'running') ?? steps.find(({ state }) => state === 'pending');
  return step?.name ?? 'done';
}
