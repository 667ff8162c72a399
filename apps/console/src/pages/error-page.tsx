import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { toProblem } from '../api/problem';
import { useIsAway } from '../api/reachability';
import { Page } from '../components/page';
import { ProblemNotice } from '../components/problem-notice';

/** In a page's place when it could not be loaded; comes back by itself when the API does. */
export function ErrorPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const boundary = useQueryErrorResetBoundary();
  const isAway = useIsAway();
  const problem = toProblem(error);

  const again = () => {
    boundary.reset();
    reset();
    void router.invalidate();
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the API has come back
  useEffect(() => {
    if (problem.isAway && !isAway) again();
  }, [isAway]);

  return (
    <Page title={problem.isAway ? 'One moment' : 'Something went wrong'} narrow>
      {problem.isAway ? (
        <p>This page opens as soon as Berth answers again.</p>
      ) : (
        <ProblemNotice error={problem} onRetry={again} />
      )}
    </Page>
  );
}
