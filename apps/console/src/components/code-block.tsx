import { ScrollArea } from '@mantine/core';
import classes from './code-block.module.css';
import { CopyButton } from './copy-button';
import { highlight } from './highlight';

interface CodeBlockProps {
  /** What is shown. */
  code: string;
  /** What is copied, where the shown text hides secrets. */
  copy?: string;
  /** Names it for screen readers and the copy button: "curl example". */
  what: string;
}

export function CodeBlock({ code, copy, what }: CodeBlockProps) {
  return (
    <div className={classes.block}>
      <ScrollArea type="auto" scrollbarSize={8} viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': what }}>
        <pre className={classes.pre}>
          <code>{highlight(code)}</code>
        </pre>
      </ScrollArea>
      <div className={classes.copy}>
        <CopyButton value={copy ?? code} what={what} />
      </div>
    </div>
  );
}
