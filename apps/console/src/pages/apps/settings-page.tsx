import type { App } from '@berth/client/schema';
import { Button, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { appQuery, changeApp, restoreApp, trashApp } from '../../api/apps';
import { announce } from '../../components/announce';
import { Confirm } from '../../components/confirm';
import { required, useFields } from '../../components/fields';
import { Panel } from '../../components/panel';
import { ProblemNotice } from '../../components/problem-notice';
import classes from './settings-page.module.css';
import { slugProblem } from './slug';
import { useApp } from './use-app';

export function SettingsPage() {
  const app = useApp();
  const trashed = app.state === 'trashed' || app.state === 'deleting';
  if (trashed) return <Panel title="Settings">Restore the app to change it.</Panel>;
  return (
    <>
      <NamePanel key={`name ${app.name}`} app={app} />
      <AddressPanel key={`slug ${app.slug}`} app={app} />
      <DeletePanel app={app} />
    </>
  );
}

function useChange(app: App, said: (changed: App) => string) {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (change: { name?: string; slug?: string }) => changeApp(app.id, change),
    onSuccess: async (changed) => {
      client.setQueryData(appQuery(changed.slug).queryKey, changed);
      if (changed.slug !== app.slug) await navigate({ to: '/apps/$app/settings', params: { app: changed.slug }, replace: true });
      announce(said(changed));
      await client.invalidateQueries({ queryKey: ['apps'] });
    },
  });
}

function NamePanel({ app }: { app: App }) {
  const form = useFields({ name: app.name }, { name: required('a name') });
  const change = useChange(app, (changed) => `The app is called ${changed.name} now.`);
  const same = form.values.name.trim() === app.name;
  return (
    <Panel title="Name" lead="Shown in this console and the command line. Addresses and keys stay as they are.">
      <form className={classes.line} onSubmit={form.submit(({ name }) => change.mutate({ name: name.trim() }))}>
        <TextInput aria-label="Name" maxLength={60} className={classes.field} {...form.text('name', change.error)} />
        <Button type="submit" variant="default" disabled={same} loading={change.isPending}>
          Rename
        </Button>
      </form>
      <ProblemNotice error={change.error} />
    </Panel>
  );
}

function AddressPanel({ app }: { app: App }) {
  const form = useFields({ slug: app.slug }, { slug: slugProblem });
  const change = useChange(app, (changed) => `The address name is ${changed.slug} now.`);
  const same = form.values.slug === app.slug;
  return (
    <Panel
      title="Address name"
      lead="The first part of the app’s addresses. The old address keeps routing here, and no other app can ever take it."
    >
      <form className={classes.line} onSubmit={form.submit(({ slug }) => change.mutate({ slug }))}>
        <TextInput
          aria-label="Address name"
          maxLength={40}
          autoCapitalize="none"
          spellCheck={false}
          className={classes.field}
          {...form.text('slug', change.error)}
        />
        <Button type="submit" variant="default" disabled={same} loading={change.isPending}>
          Change address
        </Button>
      </form>
      <ProblemNotice error={change.error} />
    </Panel>
  );
}

function DeletePanel({ app }: { app: App }) {
  const [asking, setAsking] = useState(false);
  const client = useQueryClient();
  const navigate = useNavigate();
  const bringBack = async () => {
    try {
      await restoreApp(app.id);
      announce(`${app.name} is restored.`);
    } catch {
      announce(`${app.name} could not be restored yet. Try again from the trash.`);
    }
    await client.invalidateQueries({ queryKey: ['apps'] });
  };
  const remove = useMutation({
    mutationFn: () => trashApp(app.id),
    onSuccess: async () => {
      await navigate({ to: '/apps' });
      announce(`${app.name} is in the trash.`, { label: 'Undo', run: () => void bringBack() });
      client.removeQueries({ queryKey: ['app', app.slug] });
      await client.invalidateQueries({ queryKey: ['apps'] });
    },
  });
  return (
    <>
      <Panel
        danger
        title="Delete this app"
        lead="It stops serving at once and moves into the trash, from where it can be restored with all its data."
        actions={
          <Button variant="default" className={classes.delete} onClick={() => setAsking(true)}>
            Delete app
          </Button>
        }
      />
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={`Delete ${app.name}?`}
        word={app.slug}
        confirmLabel="Move to the trash"
        onConfirm={() => remove.mutate()}
        busy={remove.isPending}
        error={remove.error}
      >
        <Text>Its addresses stop answering at once. Data, files and keys are kept in the trash until the day shown there.</Text>
      </Confirm>
    </>
  );
}
