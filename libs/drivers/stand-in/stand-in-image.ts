import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

let tag: string | undefined;

/** The image of `main.go`, a runtime in name only, for tests. Built once; then this is a look at its tag. */
export function standInImage(): string {
  tag ??= execFileSync(process.execPath, [join(__dirname, 'build.mjs')], { encoding: 'utf8' }).trim();
  return tag;
}
