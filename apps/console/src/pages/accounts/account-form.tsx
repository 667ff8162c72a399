import type { SignUpBody } from '@berth/client/schema';
import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { accountQuery, setupQuery, signUp } from '../../api/accounts';
import { toProblem } from '../../api/problem';
import { rememberSession } from '../../api/signed-in';
import { email, required, useFields } from '../../components/fields';
import { ProblemNotice } from '../../components/problem-notice';

/** A code that lets one make an account: the setup token, or an invitation. */
interface AccountCode {
  field: 'setupToken' | 'invitation';
  label: string;
  description: ReactNode;
  initial: string;
}

export const passwordAtLeast = 10;
export const goodPassword = (value: unknown) =>
  String(value ?? '').length < passwordAtLeast ? `Use at least ${passwordAtLeast} characters.` : null;

/** The form of sign-up and of the first account. */
export function AccountForm({ code, submitLabel }: { code?: AccountCode; submitLabel: string }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const form = useFields(
    { code: code?.initial ?? '', name: '', email: '', password: '' },
    {
      ...(code ? { code: required(`the ${code.label.toLowerCase()}`) } : {}),
      email,
      password: goodPassword,
    },
  );
  const make = useMutation({
    mutationFn: signUp,
    onSuccess: async ({ account }) => {
      rememberSession(true);
      client.setQueryData(accountQuery.queryKey, account);
      client.setQueryData(setupQuery.queryKey, (before) => before && { ...before, needsSetup: false });
      await navigate({ to: '/apps', replace: true });
    },
  });
  const submit = form.submit(({ code: given, name, email: address, password }) => {
    const input: SignUpBody = { email: address.trim(), password };
    if (name.trim()) input.name = name.trim();
    if (code) input[code.field] = given.trim();
    make.mutate(input);
  });

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {code && (
          <TextInput
            label={code.label}
            description={code.description}
            autoComplete="off"
            spellCheck={false}
            autoFocus={!code.initial}
            {...form.text('code')}
          />
        )}
        <TextInput
          label="Your name"
          description="Optional"
          autoComplete="name"
          maxLength={80}
          autoFocus={code?.initial !== ''}
          {...form.text('name', make.error)}
        />
        <TextInput label="Mail address" type="email" autoComplete="email" inputMode="email" {...form.text('email', make.error)} />
        <PasswordInput
          label="Password"
          description={`At least ${passwordAtLeast} characters`}
          autoComplete="new-password"
          {...form.text('password', make.error)}
        />
        <ProblemNotice error={isShownAtField(make.error) ? null : make.error} />
        <Button type="submit" size="md" loading={make.isPending} fullWidth>
          {submitLabel}
        </Button>
      </Stack>
    </form>
  );
}

function isShownAtField(error: unknown): boolean {
  const problem = toProblem(error);
  return ['name', 'email', 'password'].some((field) => problem.fieldProblem(field) !== null);
}
