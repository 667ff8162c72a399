import { Button } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { toProblem } from '../api/problem';
import classes from './problem-notice.module.css';

interface ProblemNoticeProps {
  error: unknown;
  onRetry?: () => void;
}

/** What went wrong and what to do next, in the catalogue's words. Keeps no room while there is nothing to say. */
export function ProblemNotice({ error, onRetry }: ProblemNoticeProps) {
  if (!error) return null;
  const problem = toProblem(error);
  return (
    <div className={classes.notice} role="alert">
      <IconAlertCircle size={18} stroke={1.8} className={classes.icon} aria-hidden="true" />
      <div className={classes.text}>
        <strong>{withCode(problem.message)}</strong>
        {problem.next && <span>{withCode(problem.next)}</span>}
        {problem.status >= 500 && problem.requestId && <span className={classes.request}>Request {problem.requestId}</span>}
      </div>
      {onRetry && (
        <Button variant="default" size="xs" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

/** The catalogue writes commands and calls between backticks. */
function withCode(text: string): ReactNode[] {
  // biome-ignore lint/suspicious/noArrayIndexKey: parts of one sentence, in their order
  return text.split('`').map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part));
}
