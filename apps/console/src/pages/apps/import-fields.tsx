import { Stack, TextInput } from '@mantine/core';
import type { NewApp } from '../../api/apps';
import type { useFields } from '../../components/fields';
import classes from './create-app-page.module.css';

export const noIdentity = {
  applicationId: '',
  javascriptKey: '',
  clientKey: '',
  restApiKey: '',
  masterKey: '',
  mountPath: '',
};

type ImportForm = ReturnType<typeof useFields<typeof noIdentity & { name: string; slug: string; orgId: string }>>;

/** Shipped apps cannot change their application id, keys and path: the new backend takes theirs. */
export function ImportFields({ form, error }: { form: ImportForm; error: unknown }) {
  const field = (key: keyof typeof noIdentity, label: string, placeholder?: string) => (
    <TextInput label={label} placeholder={placeholder} autoComplete="off" spellCheck={false} {...form.text(key, error)} />
  );
  return (
    <Stack gap="sm" className={classes.import}>
      <p>Keys you leave empty are made for you.</p>
      {field('applicationId', 'Application id')}
      {field('javascriptKey', 'JavaScript key')}
      {field('clientKey', 'Client key')}
      {field('restApiKey', 'REST key')}
      {field('masterKey', 'Master key')}
      {field('mountPath', 'Path of the API', '/parse')}
    </Stack>
  );
}

/** What was given, without the empty ones; nothing without an application id. */
export function identityOf(values: typeof noIdentity): NewApp['identity'] {
  const applicationId = values.applicationId.trim();
  if (!applicationId) return undefined;
  const keys = ['javascriptKey', 'clientKey', 'restApiKey', 'masterKey'] as const;
  const given = keys.map((key) => [key, values[key].trim()] as const).filter(([, value]) => value);
  return { applicationId, ...Object.fromEntries(given) };
}
