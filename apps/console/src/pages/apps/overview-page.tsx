import type { App, Environment } from '@berth/client/schema';
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { keysQuery } from '../../api/apps';
import { CodeBlock } from '../../components/code-block';
import { Panel } from '../../components/panel';
import { ProblemNotice } from '../../components/problem-notice';
import { RelativeTime } from '../../components/relative-time';
import { ValueRow } from '../../components/value-row';
import { shownEnvironment } from './environment';
import classes from './overview-page.module.css';
import { hiddenKeys, snippetsFor } from './snippets';
import { useApp } from './use-app';

export function OverviewPage() {
  const app = useApp();
  const environment = shownEnvironment(app);
  if (!environment) return <Panel title="Nothing here yet">This app has no environment.</Panel>;
  return (
    <>
      <Addresses environment={environment} />
      {app.state !== 'trashed' && <FirstRequest app={app} environment={environment} />}
      <Details app={app} environment={environment} />
    </>
  );
}

function Addresses({ environment }: { environment: Environment }) {
  return (
    <Panel title="Addresses" flush>
      <ValueRow label="Server" hint="REST and SDKs" value={environment.serverUrl} />
      <ValueRow label="LiveQuery" hint="Realtime" value={environment.liveQueryUrl} />
      <ValueRow label="GraphQL" value={environment.graphqlUrl} />
      <ValueRow label="Server by path" hint="For phones that cannot resolve the name" value={environment.pathUrl} />
      <ValueRow label="Application id" value={environment.applicationId} />
    </Panel>
  );
}

function FirstRequest({ app, environment }: { app: App; environment: Environment }) {
  const keys = useQuery(keysQuery(app.id, environment.name));
  const snippet = (real: boolean) => snippetsFor(environment, real && keys.data ? keys.data : hiddenKeys(environment))[0];
  return (
    <Panel
      title="First request"
      lead={
        <>
          Stores an object. For JavaScript, phones, GraphQL and realtime see{' '}
          <Link to="/apps/$app/connect" params={{ app: app.slug }} className={classes.link}>
            Connect
          </Link>
          .
        </>
      }
    >
      {keys.isPending && <Skeleton h={148} />}
      <ProblemNotice error={keys.error} onRetry={() => keys.refetch()} />
      {keys.data && <CodeBlock code={snippet(false)?.code ?? ''} copy={snippet(true)?.code} what="curl example" />}
    </Panel>
  );
}

function Details({ app, environment }: { app: App; environment: Environment }) {
  const rows: [string, React.ReactNode][] = [
    ['Environment', environment.name],
    ['Created', <RelativeTime key="created" at={app.createdAt} />],
    ['App id', <code key="id">{app.id}</code>],
    ['Image', <code key="image">{environment.image ?? '—'}</code>],
  ];
  return (
    <Panel title="Details">
      <dl className={classes.details}>
        {rows.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
