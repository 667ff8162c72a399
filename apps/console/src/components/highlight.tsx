import type { ReactNode } from 'react';
import classes from './code-block.module.css';

const keywords =
  'import|from|const|let|var|val|await|async|new|function|return|export|class|fun|override|final|void|struct|init|try|query|mutation|curl';
const parts = new RegExp(
  `(?<comment>(?<![:'"\\w])//[^\\n]*|^\\s*#[^\\n]*)|(?<string>'[^'\\n]*'|"(?:[^"\\\\\\n]|\\\\.)*")|\\b(?<keyword>${keywords})\\b`,
  'gm',
);

/** Colours comments, strings and a few keywords: enough for the snippets, and no parser to load. */
export function highlight(code: string): ReactNode[] {
  const out: ReactNode[] = [];
  let at = 0;
  for (const found of code.matchAll(parts)) {
    if (found.index > at) out.push(code.slice(at, found.index));
    const kind = Object.entries(found.groups ?? {}).find(([, text]) => text !== undefined)?.[0] ?? '';
    out.push(
      <span key={found.index} className={classes[kind]}>
        {found[0]}
      </span>,
    );
    at = found.index + found[0].length;
  }
  out.push(code.slice(at));
  return out;
}
