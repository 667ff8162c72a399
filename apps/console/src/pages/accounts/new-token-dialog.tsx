import { Button, Checkbox, Group, Input, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { accountQuery, makeToken, type TokenScope, tokensQuery } from '../../api/accounts';
import { CopyButton } from '../../components/copy-button';
import { required, useFields } from '../../components/fields';
import { ProblemNotice } from '../../components/problem-notice';
import classes from './account.module.css';

const scopes: { value: TokenScope; label: string; operator?: boolean }[] = [
  { value: 'apps:read', label: 'See apps' },
  { value: 'apps:write', label: 'Create, change and delete apps' },
  { value: 'keys:read', label: 'Read keys of apps' },
  { value: 'account:read', label: 'See the account' },
  { value: 'account:write', label: 'Change the account' },
  { value: 'admin', label: 'Run this installation', operator: true },
];

const lifetimes = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: '1 year' },
  { value: 'never', label: 'It does not end' },
];

export function NewTokenDialog({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const make = useMutation({
    mutationFn: makeToken,
    onSuccess: () => client.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={make.data ? 'Your new token' : 'New access token'}
      closeOnClickOutside={!make.data}
      closeOnEscape={!make.data}
    >
      {make.data ? (
        <Secret secret={make.data.secret} onClose={onClose} />
      ) : (
        <TokenForm busy={make.isPending} error={make.error} onClose={onClose} onMake={(input) => make.mutate(input)} />
      )}
    </Modal>
  );
}

interface TokenFormProps {
  busy: boolean;
  error: unknown;
  onClose: () => void;
  onMake: (input: { name: string; scopes: TokenScope[]; expiresInDays: number | null }) => void;
}

function TokenForm({ busy, error, onClose, onMake }: TokenFormProps) {
  const { data: account } = useQuery(accountQuery);
  const form = useFields(
    { name: '', scopes: ['apps:read', 'apps:write', 'keys:read'] as TokenScope[], lifetime: '90' },
    { name: required('a name'), scopes: (chosen) => (chosen.length > 0 ? null : 'Choose at least one.') },
  );
  const offered = scopes.filter((scope) => !scope.operator || account?.operator);
  const submit = form.submit(({ name, scopes: chosen, lifetime }) =>
    onMake({ name: name.trim(), scopes: chosen, expiresInDays: lifetime === 'never' ? null : Number(lifetime) }),
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <TextInput
          data-autofocus
          label="Name"
          description="What it is for, such as the machine or pipeline"
          maxLength={100}
          autoComplete="off"
          {...form.text('name', error)}
        />
        <Checkbox.Group
          label="May"
          value={form.values.scopes}
          onChange={(chosen) => form.set('scopes', chosen as TokenScope[])}
          error={form.text('scopes').error}
        >
          <div className={classes.scopes}>
            {offered.map((scope) => (
              <Checkbox key={scope.value} name="scopes" value={scope.value} label={scope.label} />
            ))}
          </div>
        </Checkbox.Group>
        <Select
          label="Ends after"
          data={lifetimes}
          value={form.values.lifetime}
          onChange={(value) => form.set('lifetime', value ?? '90')}
        />
        <ProblemNotice error={error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy}>
            Make token
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <Stack gap="md">
      <Text>
        Copy it now: <strong>it is shown this once.</strong>
      </Text>
      <Input.Wrapper label="Token">
        <div className={classes.secret} data-testid="token-secret">
          <code>{secret}</code>
        </div>
      </Input.Wrapper>
      <Group justify="flex-end" gap="xs">
        <CopyButton value={secret} what="token" label="Copy token" variant="filled" />
        <Button variant="default" onClick={onClose}>
          Done
        </Button>
      </Group>
    </Stack>
  );
}
