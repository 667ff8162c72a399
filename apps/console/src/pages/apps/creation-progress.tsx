import type { Operation } from '@berth/client/schema';
import { Button, Skeleton } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { appQuery } from '../../api/apps';
import { durationOf, useOperation } from '../../api/operations';
import { ApiProblem } from '../../api/problem';
import { OperationSteps } from '../../components/operation-steps';
import { Page } from '../../components/page';
import { Panel } from '../../components/panel';
import { ProblemNotice } from '../../components/problem-notice';
import { sayDuration } from '../../components/say-time';
import classes from './create-app-page.module.css';

interface CreationProgressProps {
  /** Address name, for the links. */
  app: string;
  /** Unknown after a reload. */
  name?: string;
  operationId: string;
  started?: Operation;
  onAgain: () => void;
}

/** An app coming to life, step by step. */
export function CreationProgress({ app, name: given, operationId, started, onAgain }: CreationProgressProps) {
  const client = useQueryClient();
  const query = useOperation(operationId, started);
  const operation = query.data;
  const { data: made } = useQuery({ ...appQuery(operation?.appId ?? ''), enabled: !given && operation !== undefined });
  const name = given ?? made?.name ?? app;
  const openButton = useRef<HTMLAnchorElement>(null);
  const state = operation?.state;

  useEffect(() => {
    if (state === undefined || state === 'running') return;
    void client.invalidateQueries({ queryKey: ['apps'] });
    if (state === 'succeeded') {
      void client.prefetchQuery(appQuery(app));
      openButton.current?.focus();
    }
  }, [state, app, client]);

  return (
    <Page title={titleOf(name, operation)} narrow key={operationId}>
      <p className={classes.said} role="status" aria-live="assertive">
        {state === 'succeeded' && titleOf(name, operation)}
      </p>
      <Panel>
        <ProblemNotice error={query.error} onRetry={() => query.refetch()} />
        {query.isPending && <Skeleton h={300} />}
        {operation && <OperationSteps operation={operation} />}
        {operation?.error && (
          <div className={classes.failure}>
            <ProblemNotice error={problemOf(operation.error)} />
          </div>
        )}
        <div className={classes.actions}>
          {state === 'succeeded' && (
            <>
              <Button ref={openButton} component={Link} to="/apps/$app" params={{ app } as never}>
                Open app
              </Button>
              <Button variant="default" component={Link} to="/apps/$app/connect" params={{ app } as never}>
                Connect
              </Button>
            </>
          )}
          {state === 'failed' && <Button onClick={onAgain}>Try again</Button>}
        </div>
      </Panel>
    </Page>
  );
}

function titleOf(name: string, operation?: Operation): string {
  if (operation?.state === 'succeeded') return `${name} is live in ${sayDuration(durationOf(operation))}`;
  if (operation?.state === 'failed') return `${name} could not be created`;
  return `Creating ${name}`;
}

function problemOf(error: NonNullable<Operation['error']>): ApiProblem {
  return new ApiProblem(0, error.code, error.message, error.next);
}
