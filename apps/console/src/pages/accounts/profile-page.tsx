import type { Account } from '@berth/client/schema';
import { Button, PasswordInput, SegmentedControl, Skeleton, Stack, TextInput, useMantineColorScheme } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { accountQuery, changePassword, renameAccount } from '../../api/accounts';
import { announce } from '../../components/announce';
import { required, useFields } from '../../components/fields';
import { Panel } from '../../components/panel';
import { ProblemNotice } from '../../components/problem-notice';
import classes from './account.module.css';
import { goodPassword, passwordAtLeast } from './account-form';

export function ProfilePage() {
  const { data: account } = useQuery(accountQuery);
  if (!account) return <Skeleton h={200} radius="lg" />;
  return (
    <>
      <ProfilePanel account={account} />
      <PasswordPanel />
      <AppearancePanel />
    </>
  );
}

function ProfilePanel({ account }: { account: Account }) {
  const client = useQueryClient();
  const form = useFields({ name: account.name }, { name: required('your name') });
  const rename = useMutation({
    mutationFn: renameAccount,
    onSuccess: ({ account: changed }) => {
      client.setQueryData(accountQuery.queryKey, changed);
      announce('Your name is saved.');
    },
  });
  return (
    <Panel title="Profile" lead={account.operator ? 'You are the operator of this installation.' : undefined}>
      <form className={classes.form} onSubmit={form.submit(({ name }) => rename.mutate(name.trim()))} noValidate>
        <TextInput label="Mail address" value={account.email} readOnly variant="filled" />
        <TextInput label="Name" autoComplete="name" maxLength={100} {...form.text('name', rename.error)} />
        <ProblemNotice error={rename.error} />
        <Button
          type="submit"
          variant="default"
          disabled={form.values.name.trim() === account.name}
          loading={rename.isPending}
          className={classes.submit}
        >
          Save name
        </Button>
      </form>
    </Panel>
  );
}

function PasswordPanel() {
  const form = useFields({ current: '', next: '' }, { current: required('your present password'), next: goodPassword });
  const change = useMutation({
    mutationFn: changePassword,
    onSuccess: () => {
      form.reset();
      announce('Your password is changed. Other sessions are signed out.');
    },
  });
  return (
    <Panel title="Password" lead="Changing it signs out all your other sessions.">
      <form className={classes.form} onSubmit={form.submit((values) => change.mutate(values))} noValidate>
        <PasswordInput label="Present password" autoComplete="current-password" {...form.text('current', change.error)} />
        <PasswordInput
          label="New password"
          description={`At least ${passwordAtLeast} characters`}
          autoComplete="new-password"
          {...form.text('next', change.error)}
        />
        <ProblemNotice error={change.error} />
        <Button type="submit" variant="default" loading={change.isPending} className={classes.submit}>
          Change password
        </Button>
      </form>
    </Panel>
  );
}

function AppearancePanel() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Panel title="Appearance" lead="Kept in this browser.">
      <Stack align="flex-start">
        <SegmentedControl
          aria-label="Appearance"
          value={colorScheme}
          onChange={(value) => setColorScheme(value as 'light' | 'dark' | 'auto')}
          data={[
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
            { value: 'auto', label: 'As the system' },
          ]}
        />
      </Stack>
    </Panel>
  );
}
