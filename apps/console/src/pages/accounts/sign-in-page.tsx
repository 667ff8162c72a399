import { Anchor, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useRouter } from '@tanstack/react-router';
import { accountQuery, setupQuery, signIn } from '../../api/accounts';
import { rememberSession } from '../../api/signed-in';
import { Entrance } from '../../components/entrance';
import { email, required, useFields } from '../../components/fields';
import { ProblemNotice } from '../../components/problem-notice';

const route = getRouteApi('/sign-in');

export function SignInPage() {
  const { data: setup } = useSuspenseQuery(setupQuery);
  const { to, expired } = route.useSearch();
  const client = useQueryClient();
  const router = useRouter();
  const form = useFields({ email: '', password: '' }, { email, password: required('your password') });
  const enter = useMutation({
    mutationFn: signIn,
    onSuccess: ({ account }) => {
      rememberSession(true);
      client.setQueryData(accountQuery.queryKey, account);
      router.history.replace(to ?? '/apps');
    },
  });

  return (
    <Entrance
      title="Sign in"
      lead={expired ? 'Your session has ended. Sign in to go on where you were.' : undefined}
      footer={
        setup.signUp !== 'closed' && (
          <>
            New here?{' '}
            <Anchor underline="always" component={Link} to="/sign-up">
              Create an account
            </Anchor>
          </>
        )
      }
    >
      <form onSubmit={form.submit((values) => enter.mutate({ ...values, email: values.email.trim() }))} noValidate>
        <Stack gap="md">
          <TextInput
            label="Mail address"
            type="email"
            autoComplete="username"
            inputMode="email"
            autoFocus
            {...form.text('email')}
          />
          <PasswordInput label="Password" autoComplete="current-password" {...form.text('password')} />
          <ProblemNotice error={enter.error} />
          <Button type="submit" size="md" loading={enter.isPending} fullWidth>
            Sign in
          </Button>
        </Stack>
      </form>
    </Entrance>
  );
}
