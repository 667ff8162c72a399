import type { Operation } from '@berth/client/schema';
import { VisuallyHidden } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { durationOf, stepTitle } from '../api/operations';
import classes from './operation-steps.module.css';
import { sayDuration } from './say-time';

type OperationStep = Operation['steps'][number];

/** The steps of an operation with their times, as they happen. */
export function OperationSteps({ operation }: { operation: Operation }) {
  const now = useNow(operation.state === 'running');
  const current = operation.steps.find((step) => step.state === 'running');
  return (
    <div className={classes.wrap}>
      <ol className={classes.steps}>
        {operation.steps.map((step) => (
          <li key={step.name} className={classes.step} data-state={step.state}>
            <Mark state={step.state} />
            <span className={classes.title}>{stepTitle(step.name)}</span>
            <span className={classes.time}>{timeOf(step, now)}</span>
          </li>
        ))}
      </ol>
      <div className={classes.total}>
        <span>Total</span>
        <span className={classes.time}>{sayDuration(durationOf(operation, now))}</span>
      </div>
      <VisuallyHidden role="status" aria-live="polite">
        {operation.state === 'running' && current ? `${stepTitle(current.name)}…` : ''}
      </VisuallyHidden>
    </div>
  );
}

function Mark({ state }: { state: OperationStep['state'] }) {
  return (
    <span className={classes.mark}>
      {state === 'done' && <IconCheck size={13} stroke={3} aria-hidden="true" />}
      {state === 'failed' && <IconX size={13} stroke={3} aria-hidden="true" />}
      <VisuallyHidden>{said[state]}</VisuallyHidden>
    </span>
  );
}

const said = { pending: 'Not yet: ', running: 'Now: ', done: 'Done: ', failed: 'Failed: ' } as const;

function timeOf(step: OperationStep, now: number): string {
  if (step.state === 'pending') return '';
  if (step.ms !== null) return sayDuration(step.ms);
  if (!step.startedAt) return '';
  return sayDuration(Math.max(0, (step.finishedAt ? Date.parse(step.finishedAt) : now) - Date.parse(step.startedAt)));
}

/** The time, again and again while `running`, so that running steps count up. */
function useNow(running: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => setNow(Date.now()), 100);
    return () => clearInterval(timer);
  }, [running]);
  return now;
}
