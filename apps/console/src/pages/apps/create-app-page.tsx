import type { Operation } from '@berth/client/schema';
import { Button, Collapse, Select, Stack, TextInput, UnstyledButton } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { createApp, type NewApp, orgsQuery } from '../../api/apps';
import { required, useFields } from '../../components/fields';
import { Page } from '../../components/page';
import { Panel } from '../../components/panel';
import { ProblemNotice } from '../../components/problem-notice';
import classes from './create-app-page.module.css';
import { CreationProgress } from './creation-progress';
import { ImportFields, identityOf, noIdentity } from './import-fields';
import { slugFromName, slugProblem } from './slug';

const route = getRouteApi('/signed-in/apps/new');

export function CreateAppPage() {
  const { app, operation } = route.useSearch();
  const navigate = useNavigate();
  const [started, setStarted] = useState<Operation>();
  const [draft, setDraft] = useState<Draft>(emptyDraft);

  if (app && operation)
    return (
      <CreationProgress
        key={operation}
        app={app}
        name={draft.name.trim() || undefined}
        operationId={operation}
        started={started}
        onAgain={() => navigate({ to: '/apps/new', search: {} })}
      />
    );
  return (
    <Page title="New app" narrow>
      <Panel>
        <CreateForm
          draft={draft}
          onStarted={(kept, answer) => {
            setDraft(kept);
            setStarted(answer.operation);
            void navigate({ to: '/apps/new', search: { app: answer.app.slug, operation: answer.operation.id } });
          }}
        />
      </Panel>
    </Page>
  );
}

const emptyDraft = { name: '', slug: '', orgId: '', ...noIdentity };
type Draft = typeof emptyDraft;

interface CreateFormProps {
  draft: Draft;
  onStarted: (draft: Draft, answer: Awaited<ReturnType<typeof createApp>>) => void;
}

function CreateForm({ draft, onStarted }: CreateFormProps) {
  const client = useQueryClient();
  const orgs = useQuery(orgsQuery);
  const [more, setMore] = useState(draft.applicationId !== '');
  const idempotencyKey = useRef({ for: '', key: '' });
  const form = useFields(draft, {
    name: required('a name'),
    slug: (slug) => (slug ? slugProblem(slug) : null),
  });
  const create = useMutation({
    mutationFn: (input: NewApp) => createApp(input, keyFor(input, idempotencyKey)),
    onSuccess: (answer) => {
      void client.invalidateQueries({ queryKey: ['apps'] });
      onStarted(form.values, answer);
    },
  });
  const submit = form.submit((values) => {
    const identity = more ? identityOf(values) : undefined;
    create.mutate({
      name: values.name.trim(),
      ...(values.slug ? { slug: values.slug } : {}),
      ...(values.orgId ? { orgId: values.orgId } : {}),
      ...(identity ? { identity } : {}),
      ...(more && values.mountPath.trim() ? { mountPath: values.mountPath.trim() } : {}),
    });
  });
  const choices = orgs.data?.items.filter((org) => org.role !== 'viewer') ?? [];

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <TextInput label="Name" autoFocus maxLength={60} autoComplete="off" {...form.text('name', create.error)} />
        <TextInput
          label="Address name"
          description="Becomes the first part of the app’s address. Made from the name when left empty."
          placeholder={slugFromName(form.values.name)}
          maxLength={40}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          {...form.text('slug', create.error)}
        />
        {choices.length > 1 && (
          <Select
            label="Organization"
            data={choices.map((org) => ({ value: org.id, label: org.name }))}
            value={form.values.orgId || choices[0]?.id}
            onChange={(value) => form.set('orgId', value ?? '')}
          />
        )}
        <div>
          <UnstyledButton className={classes.more} onClick={() => setMore(!more)} aria-expanded={more} aria-controls="import">
            <IconChevronRight size={16} stroke={2} className={classes.chevron} data-open={more || undefined} />
            Bring keys of an app that is already shipped
          </UnstyledButton>
          <Collapse expanded={more} id="import">
            <ImportFields form={form} error={create.error} />
          </Collapse>
        </div>
        <ProblemNotice error={create.error} />
        <Button type="submit" size="md" loading={create.isPending}>
          Create app
        </Button>
      </Stack>
    </form>
  );
}

/** The same input sent again after a lost answer is the same creation; other input is another one. */
function keyFor(input: NewApp, kept: { current: { for: string; key: string } }): string {
  const text = JSON.stringify(input);
  if (kept.current.for !== text) kept.current = { for: text, key: randomKey() };
  return kept.current.key;
}

/** `crypto.randomUUID` is missing on plain-http origins. */
function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
