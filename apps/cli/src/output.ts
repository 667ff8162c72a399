import type { Failure } from './failures';

export interface Stream {
  write(text: string): unknown;
}

/** Results go to stdout, everything else to stderr; in JSON mode stdout gets one object and nothing more. */
export class Output {
  constructor(
    readonly json: boolean,
    private readonly stdout: Stream,
    private readonly stderr: Stream,
  ) {}

  /** @param text the result for people, without the last line break */
  result(value: object, text: string): void {
    this.stdout.write(this.json ? `${JSON.stringify(value)}\n` : `${text}\n`);
  }

  /** Something by the way, for people alone. */
  note(line: string): void {
    if (!this.json) this.stderr.write(`${line}\n`);
  }

  failure({ body, silent }: Failure): void {
    if (this.json) this.stdout.write(`${JSON.stringify({ error: body })}\n`);
    else if (!silent) this.stderr.write(`${[body.message, body.next].filter(Boolean).join('\n')}\n`);
  }
}

/** Rows in aligned columns, the first row being the heading. */
export function table(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Names and values, one pair a line. */
export function pairs(values: Record<string, string | null | undefined>): string {
  return table(Object.entries(values).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}
