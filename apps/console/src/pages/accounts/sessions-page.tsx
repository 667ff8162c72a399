import type { Session } from '@berth/client/schema';
import { Badge, Button } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { endOtherSessions, endSession, sessionsQuery } from '../../api/accounts';
import { announce } from '../../components/announce';
import classes from '../../components/list.module.css';
import { ListSkeleton } from '../../components/list-skeleton';
import { MoreButton } from '../../components/more-button';
import { Panel } from '../../components/panel';
import { ProblemNotice } from '../../components/problem-notice';
import { RelativeTime } from '../../components/relative-time';
import account from './account.module.css';
import { sayBrowser } from './browser-name';

export function SessionsPage() {
  const client = useQueryClient();
  const query = useInfiniteQuery(sessionsQuery);
  const endAll = useMutation({
    mutationFn: endOtherSessions,
    onSuccess: async () => {
      announce('All other sessions are signed out.');
      await client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
    },
  });
  const sessions = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Panel
      title="Sessions"
      lead="Browsers that are signed in to your account."
      flush
      actions={
        sessions.length > 1 && (
          <Button variant="default" size="xs" loading={endAll.isPending} onClick={() => endAll.mutate()}>
            Sign out all others
          </Button>
        )
      }
    >
      {query.isPending && <ListSkeleton rows={2} flush />}
      <ProblemNotice error={query.error ?? endAll.error} onRetry={() => query.refetch()} />
      <ul className={classes.flush} aria-label="Sessions">
        {sessions.map((session) => (
          <SessionRow key={session.id} session={session} />
        ))}
      </ul>
      <MoreButton pages={query} />
    </Panel>
  );
}

function SessionRow({ session }: { session: Session }) {
  const client = useQueryClient();
  const end = useMutation({
    mutationFn: () => endSession(session.id),
    onSuccess: async () => {
      announce('The session is signed out.');
      await client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
    },
  });
  const browser = sayBrowser(session.userAgent);
  return (
    <li className={classes.row}>
      <div className={classes.main}>
        <span className={classes.title} title={session.userAgent}>
          {browser}
          {session.current && <Badge className={account.here}>This one</Badge>}
        </span>
        <div className={classes.detail}>
          {session.address} · used <RelativeTime at={session.lastUsedAt} /> · signed in <RelativeTime at={session.createdAt} />
        </div>
        <ProblemNotice error={end.error} />
      </div>
      {!session.current && (
        <div className={classes.actions}>
          <Button
            variant="default"
            size="xs"
            loading={end.isPending}
            onClick={() => end.mutate()}
            aria-label={`Sign out ${browser}, ${session.address}`}
          >
            Sign out
          </Button>
        </div>
      )}
    </li>
  );
}
