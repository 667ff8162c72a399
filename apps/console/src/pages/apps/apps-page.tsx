import type { App } from '@berth/client/schema';
import { Button } from '@mantine/core';
import { IconAnchor, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { appsQuery } from '../../api/apps';
import { EmptyState } from '../../components/empty-state';
import classes from '../../components/list.module.css';
import { ListSkeleton } from '../../components/list-skeleton';
import { MoreButton } from '../../components/more-button';
import { Page } from '../../components/page';
import { ProblemNotice } from '../../components/problem-notice';
import { RelativeTime } from '../../components/relative-time';
import { StateBadge } from '../../components/state-badge';
import { shownEnvironment, wasNeverMade } from './environment';

export function AppsPage() {
  const query = useInfiniteQuery(appsQuery('active'));
  const apps = query.data?.pages.flatMap((page) => page.items) ?? [];
  const create = (label: string) => (
    <Button component={Link} to="/apps/new" leftSection={<IconPlus size={16} stroke={2} />}>
      {label}
    </Button>
  );

  return (
    <Page title="Apps" actions={apps.length > 0 && create('New app')}>
      {query.isPending && <ListSkeleton />}
      {query.isError && !query.data && <ProblemNotice error={query.error} onRetry={() => query.refetch()} />}
      {query.isSuccess && apps.length === 0 && (
        <EmptyState icon={<IconAnchor size={22} stroke={1.7} />} title="Create your first app" action={create('Create app')}>
          An app is a private backend: database, users, files, realtime and an address of its own. It takes about a second.
        </EmptyState>
      )}
      {apps.length > 0 && (
        <ul className={classes.list} aria-label="Apps">
          {apps.map((app) => (
            <AppRow key={app.id} app={app} />
          ))}
        </ul>
      )}
      <MoreButton pages={query} />
    </Page>
  );
}

function AppRow({ app }: { app: App }) {
  return (
    <li className={classes.row} data-link>
      <div className={classes.main}>
        <Link to="/apps/$app" params={{ app: wasNeverMade(app) ? app.id : app.slug }} className={classes.title}>
          {app.name}
        </Link>
        <div className={classes.detail}>{app.reason?.message ?? hostOf(shownEnvironment(app)?.address) ?? app.slug}</div>
      </div>
      <div className={classes.state}>
        <StateBadge state={app.state} />
      </div>
      <div className={classes.when}>
        <RelativeTime at={app.createdAt} />
      </div>
    </li>
  );
}

/** `hello.localhost:4080` of an address with or without a scheme. */
function hostOf(address: string | undefined): string | undefined {
  return address?.replace(/^[a-z]+:\/\//, '').replace(/\/$/, '');
}
