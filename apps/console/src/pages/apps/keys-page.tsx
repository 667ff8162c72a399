import type { Environment, Keys } from '@berth/client/schema';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type KeyKind, keysQuery } from '../../api/apps';
import { inSentence } from '../../components/in-sentence';
import { ListSkeleton } from '../../components/list-skeleton';
import { Panel } from '../../components/panel';
import { ProblemNotice } from '../../components/problem-notice';
import { sayDate } from '../../components/say-time';
import { ValueRow } from '../../components/value-row';
import { shownEnvironment } from './environment';
import { RotateKeyDialog } from './rotate-key-dialog';
import { useApp } from './use-app';

export interface KeyRow {
  kind: KeyKind;
  label: string;
  hint: string;
  value: (keys: Keys) => string;
}

const clientKeys: KeyRow[] = [
  { kind: 'javascript', label: 'JavaScript key', hint: 'Browsers, Node, React Native', value: (keys) => keys.javascriptKey },
  { kind: 'client', label: 'Client key', hint: 'iOS, Android, Flutter', value: (keys) => keys.clientKey },
  { kind: 'rest', label: 'REST key', hint: 'curl and any HTTP client', value: (keys) => keys.restApiKey },
];

const masterKeys: KeyRow[] = [
  { kind: 'master', label: 'Master key', hint: 'Reads and changes everything', value: (keys) => keys.masterKey },
  {
    kind: 'readOnlyMaster',
    label: 'Read-only master key',
    hint: 'Reads everything, changes nothing',
    value: (keys) => keys.readOnlyMasterKey,
  },
];

export function KeysPage() {
  const app = useApp();
  const environment = shownEnvironment(app);
  if (!environment) return null;
  return <EnvironmentKeys appId={app.id} environment={environment} canRotate={app.state !== 'trashed'} />;
}

function EnvironmentKeys({ appId, environment, canRotate }: { appId: string; environment: Environment; canRotate: boolean }) {
  const query = useQuery(keysQuery(appId, environment.name));
  const [rotating, setRotating] = useState<KeyRow | null>(null);

  const rows = (list: KeyRow[]) =>
    query.data ? (
      list.map((row) => (
        <ValueRow
          key={row.kind}
          label={row.label}
          hint={oldOne(query.data, row.kind) ?? row.hint}
          value={row.value(query.data)}
          secret
          actions={
            canRotate && (
              <Button
                variant="default"
                size="compact-sm"
                ml={6}
                onClick={() => setRotating(row)}
                aria-label={`Rotate ${inSentence(row.label)}`}
              >
                Rotate
              </Button>
            )
          }
        />
      ))
    ) : (
      <ListSkeleton rows={list.length} flush />
    );

  if (query.isError) return <ProblemNotice error={query.error} onRetry={() => query.refetch()} />;
  return (
    <>
      <Panel
        title="App keys"
        lead="They go into the apps you ship. What a user may do is decided by your rules, not by these."
        flush
      >
        <ValueRow label="Application id" hint="Says which app is meant" value={environment.applicationId} />
        {rows(clientKeys)}
      </Panel>
      <Panel title="Master keys" lead="For your own servers only: they pass every rule. Never put one into an app." flush>
        {rows(masterKeys)}
      </Panel>
      {rotating && (
        <RotateKeyDialog appId={appId} environment={environment.name} row={rotating} onClose={() => setRotating(null)} />
      )}
    </>
  );
}

/** Says until when the key before this one is still taken. */
function oldOne(keys: Keys, kind: KeyKind): string | null {
  const previous = keys.previous.find((key) => key.kind === kind && Date.parse(key.validUntil) > Date.now());
  return previous ? `The old one works until ${sayDate(previous.validUntil)}` : null;
}
