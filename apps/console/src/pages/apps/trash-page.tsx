import type { App } from '@berth/client/schema';
import { Button, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { appsQuery, purgeApp, restoreApp } from '../../api/apps';
import { announce } from '../../components/announce';
import { Confirm } from '../../components/confirm';
import { EmptyState } from '../../components/empty-state';
import classes from '../../components/list.module.css';
import { ListSkeleton } from '../../components/list-skeleton';
import { MoreButton } from '../../components/more-button';
import { Page } from '../../components/page';
import { ProblemNotice } from '../../components/problem-notice';
import { sayRelative } from '../../components/say-time';

export function TrashPage() {
  const query = useInfiniteQuery(appsQuery('trashed'));
  const [purging, setPurging] = useState<App | null>(null);
  const apps = query.data?.pages.flatMap((page) => page.items) ?? [];

  return (
    <Page title="Trash" lead="Deleted apps serve nobody, but keep their data and address until their day has come.">
      {query.isPending && <ListSkeleton rows={2} />}
      {query.isError && !query.data && <ProblemNotice error={query.error} onRetry={() => query.refetch()} />}
      {query.isSuccess && apps.length === 0 && (
        <EmptyState icon={<IconTrash size={22} stroke={1.7} />} title="The trash is empty">
          What you delete waits here before it is gone for good.
        </EmptyState>
      )}
      {apps.length > 0 && (
        <ul className={classes.list} aria-label="Deleted apps">
          {apps.map((app) => (
            <TrashRow key={app.id} app={app} onPurge={() => setPurging(app)} />
          ))}
        </ul>
      )}
      <MoreButton pages={query} />
      {purging && <PurgeDialog app={purging} onClose={() => setPurging(null)} />}
    </Page>
  );
}

function TrashRow({ app, onPurge }: { app: App; onPurge: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const restore = useMutation({
    mutationFn: () => restoreApp(app.id),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['app', app.slug] });
      await navigate({ to: '/apps/$app', params: { app: app.slug } });
      announce(`${app.name} is restored.`);
      await client.invalidateQueries({ queryKey: ['apps'] });
    },
  });
  const going = app.state === 'deleting';
  return (
    <li className={classes.row}>
      <div className={classes.main}>
        <Link to="/apps/$app" params={{ app: app.slug }} className={classes.title}>
          {app.name}
        </Link>
        <div className={classes.detail}>
          {app.slug}
          {app.purgeAt && !going && ` · deleted for good ${sayRelative(app.purgeAt)}`}
          {going && ' · being deleted for good'}
        </div>
        <ProblemNotice error={restore.error} />
      </div>
      {!going && (
        <div className={classes.actions}>
          <Button
            variant="default"
            size="xs"
            loading={restore.isPending}
            onClick={() => restore.mutate()}
            aria-label={`Restore ${app.name}`}
          >
            Restore
          </Button>
          <Button variant="subtle" size="xs" c="var(--berth-bad)" onClick={onPurge} aria-label={`Delete for good: ${app.name}`}>
            Delete for good
          </Button>
        </div>
      )}
    </li>
  );
}

function PurgeDialog({ app, onClose }: { app: App; onClose: () => void }) {
  const client = useQueryClient();
  const purge = useMutation({
    mutationFn: () => purgeApp(app.id, app.slug),
    onSuccess: async () => {
      onClose();
      announce(`${app.name} is being deleted for good.`);
      await client.invalidateQueries({ queryKey: ['apps'] });
    },
  });
  return (
    <Confirm
      opened
      onClose={onClose}
      title={`Delete ${app.name} for good?`}
      word={app.slug}
      confirmLabel="Delete for good"
      onConfirm={() => purge.mutate()}
      busy={purge.isPending}
      error={purge.error}
    >
      <Text>
        All data, files and keys are destroyed. <strong>Nobody can bring them back.</strong> The address stays reserved.
      </Text>
    </Confirm>
  );
}
