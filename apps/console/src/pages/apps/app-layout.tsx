import type { App } from '@berth/client/schema';
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Outlet, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { appQuery, restoreApp } from '../../api/apps';
import { toProblem } from '../../api/problem';
import { announce } from '../../components/announce';
import { asSentence } from '../../components/in-sentence';
import { usePageTitle } from '../../components/page';
import page from '../../components/page.module.css';
import { ProblemNotice } from '../../components/problem-notice';
import { sayDate } from '../../components/say-time';
import { SectionNav } from '../../components/section-nav';
import { StateBadge } from '../../components/state-badge';
import { NotFoundPage } from '../not-found-page';
import { PendingPage } from '../pending-page';
import classes from './app-layout.module.css';
import { wasNeverMade } from './environment';
import { NeverMade } from './never-made';
import { AppContext } from './use-app';

const route = getRouteApi('/signed-in/apps/$app');

/** Head and sections of an app's pages. */
export function AppLayout() {
  const { app: slug } = route.useParams();
  const query = useQuery(appQuery(slug));
  const navigate = useNavigate();
  const app = query.data;

  // Reached by id or by an old address name: the page goes to the present one.
  useEffect(() => {
    if (app && app.slug !== slug && !wasNeverMade(app)) void navigate({ to: '.', params: { app: app.slug }, replace: true });
  }, [app, slug, navigate]);

  if (query.isError && (!app || toProblem(query.error).status === 404)) {
    if (toProblem(query.error).status === 404)
      return <NotFoundPage title="App not found" text={`There is no app “${slug}”, or it is not yours.`} />;
    return (
      <div className={page.page}>
        <ProblemNotice error={query.error} onRetry={() => query.refetch()} />
      </div>
    );
  }
  if (!app) return <PendingPage />;
  return <AppFrame app={app} />;
}

const sections = [
  { label: 'Overview', to: '/apps/$app', exact: true },
  { label: 'Connect', to: '/apps/$app/connect' },
  { label: 'Keys', to: '/apps/$app/keys' },
  { label: 'Settings', to: '/apps/$app/settings' },
] as const;

function AppFrame({ app }: { app: App }) {
  const heading = usePageTitle(app.name);
  return (
    <div className={page.page}>
      <header className={classes.head}>
        <h1 className={classes.name} ref={heading} tabIndex={-1}>
          {app.name}
        </h1>
        <span role="status" aria-live="polite">
          <StateBadge state={app.state} />
        </span>
      </header>
      {wasNeverMade(app) ? <NeverMade app={app} /> : <AppParts app={app} />}
    </div>
  );
}

function AppParts({ app }: { app: App }) {
  return (
    <>
      {app.state === 'trashed' ? <TrashedNotice app={app} /> : <StateNotice app={app} />}
      <SectionNav label={`Parts of ${app.name}`} sections={[...sections]} params={{ app: app.slug }} />
      <AppContext.Provider value={app}>
        <Outlet />
      </AppContext.Provider>
    </>
  );
}

function StateNotice({ app }: { app: App }) {
  if (app.state === 'failed')
    return (
      <div className={classes.notice} data-tone="bad" role="alert">
        <p>
          <strong>{asSentence(app.reason?.message ?? 'The backend does not run')}</strong> Berth tries again by itself.
        </p>
      </div>
    );
  if (app.state === 'sleeping')
    return (
      <div className={classes.notice}>
        <p>Nobody has used this app for a while, so it sleeps. The next request wakes it within a second.</p>
      </div>
    );
  return null;
}

function TrashedNotice({ app }: { app: App }) {
  const client = useQueryClient();
  const restore = useMutation({
    mutationFn: () => restoreApp(app.id),
    onSuccess: async (answer) => {
      client.setQueryData(appQuery(app.slug).queryKey, answer.app);
      announce(`${app.name} is restored.`);
      await client.invalidateQueries({ queryKey: ['apps'] });
    },
  });
  return (
    <>
      <div className={classes.notice} data-tone="warn">
        <p>
          <strong>This app is in the trash and serves nobody.</strong>
          {app.purgeAt && ` It is deleted for good on ${sayDate(app.purgeAt)}.`}
        </p>
        <Button size="compact-sm" variant="default" loading={restore.isPending} onClick={() => restore.mutate()}>
          Restore
        </Button>
      </div>
      <ProblemNotice error={restore.error} />
    </>
  );
}
