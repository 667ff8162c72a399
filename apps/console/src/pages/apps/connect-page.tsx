import type { Environment } from '@berth/client/schema';
import { Skeleton, Switch, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { keysQuery } from '../../api/apps';
import { CodeBlock } from '../../components/code-block';
import { Panel } from '../../components/panel';
import { ProblemNotice } from '../../components/problem-notice';
import classes from './connect-page.module.css';
import { shownEnvironment } from './environment';
import { hiddenKeys, snippetsFor } from './snippets';
import { useApp } from './use-app';

export function ConnectPage() {
  const app = useApp();
  const environment = shownEnvironment(app);
  if (!environment) return null;
  return <Snippets appId={app.id} environment={environment} />;
}

function Snippets({ appId, environment }: { appId: string; environment: Environment }) {
  const keys = useQuery(keysQuery(appId, environment.name));
  const [shown, setShown] = useState(false);
  const real = snippetsFor(environment, keys.data ?? hiddenKeys(environment));
  const visible = shown ? real : snippetsFor(environment, hiddenKeys(environment));

  return (
    <Panel
      title="Connect"
      lead="Ready to paste, with this app’s own values. Copying takes the real keys, also while they are hidden."
      actions={
        <Switch
          label="Show keys"
          checked={shown}
          disabled={!keys.data}
          onChange={(event) => setShown(event.currentTarget.checked)}
        />
      }
    >
      <ProblemNotice error={keys.error} onRetry={() => keys.refetch()} />
      {keys.isPending && <Skeleton h={360} />}
      {keys.data && (
        <Tabs defaultValue="curl" classNames={{ list: classes.list, tab: classes.tab }} variant="pills">
          <Tabs.List aria-label="Ways to connect">
            {visible.map((snippet) => (
              <Tabs.Tab key={snippet.id} value={snippet.id}>
                {snippet.title}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {visible.map((snippet, index) => (
            <Tabs.Panel key={snippet.id} value={snippet.id}>
              <p className={classes.note}>{snippet.note}</p>
              <CodeBlock code={snippet.code} copy={real[index]?.code} what={`${snippet.title} example`} />
            </Tabs.Panel>
          ))}
        </Tabs>
      )}
    </Panel>
  );
}
