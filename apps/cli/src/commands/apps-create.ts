import { randomUUID } from 'node:crypto';
import { answerOf } from '@berth/client/client';
import type { Command } from 'commander';
import { environmentOf, getApp, getKeys } from '../apps';
import type { Run } from '../context';
import { CliError, exitCodes } from '../failures';
import { followOperation } from '../follow-operation';
import { pairs } from '../output';
import { createProgress } from '../progress';
import { curlLine, sdkSnippet } from '../snippets';

interface CreateOptions {
  slug?: string;
  applicationId?: string;
  javascriptKey?: string;
  restApiKey?: string;
  clientKey?: string;
  masterKey?: string;
  readOnlyMasterKey?: string;
  mountPath?: string;
}

export function createAppCommand(apps: Command, run: Run): void {
  apps
    .command('create <name>')
    .description('make an app and wait until it serves')
    .option('--slug <slug>', 'its name in the address; made from the name when left out')
    .option('--application-id <id>', 'of an app whose clients are shipped already; the keys go with it')
    .option('--javascript-key <key>')
    .option('--rest-api-key <key>')
    .option('--client-key <key>')
    .option('--master-key <key>')
    .option('--read-only-master-key <key>')
    .option('--mount-path <path>', 'path of the Parse API in the address (default: /parse)')
    .action(
      run(async (context, options: CreateOptions, name: string) => {
        const { output } = context;
        const { slug, mountPath } = options;
        const identity = identityOf(options);
        const client = context.signedIn();
        const startedAt = performance.now();
        const { app, operation } = await answerOf(
          client.POST('/v1/apps', {
            params: { header: { 'Idempotency-Key': randomUUID() } },
            body: { name, mountPath: mountPath ?? '/parse', ...(slug ? { slug } : {}), ...(identity ? { identity } : {}) },
          }),
        );
        await followOperation(client, operation, await createProgress(`Creating ${app.slug}`, output));
        const ms = Math.round(performance.now() - startedAt);
        const running = await getApp(client, app.id);
        const environment = environmentOf(running);
        const { previous: _, ...keys } = await getKeys(client, running);
        const { serverUrl, liveQueryUrl, graphqlUrl, pathUrl } = environment;
        const created = {
          id: running.id,
          name: running.name,
          slug: running.slug,
          state: running.state,
          environment: environment.name,
          serverUrl,
          liveQueryUrl,
          graphqlUrl,
          pathUrl,
          ...keys,
          ms,
        };
        output.result(created, describeCreated(created));
      }),
    );
}

interface Created {
  slug: string;
  serverUrl: string;
  pathUrl: string;
  applicationId: string;
  javascriptKey: string;
  restApiKey: string;
  ms: number;
}

function describeCreated(created: Created): string {
  const { slug, serverUrl, pathUrl, applicationId, ms } = created;
  return [
    `${slug} serves after ${(ms / 1000).toFixed(1)} s.`,
    '',
    pairs({ Server: serverUrl, 'By path': pathUrl, 'Application id': applicationId, Keys: `berth keys show ${slug}` }),
    '',
    'From a shell:',
    '',
    curlLine(created),
    '',
    'With the JavaScript SDK:',
    '',
    sdkSnippet(created),
  ].join('\n');
}

/** @throws CliError for keys without an application id, which the API has no place for */
function identityOf({ applicationId, javascriptKey, restApiKey, clientKey, masterKey, readOnlyMasterKey }: CreateOptions) {
  const keys = Object.fromEntries(
    Object.entries({ javascriptKey, restApiKey, clientKey, masterKey, readOnlyMasterKey }).filter(([, key]) => key !== undefined),
  );
  if (applicationId !== undefined) return { applicationId, ...keys };
  if (Object.keys(keys).length === 0) return undefined;
  throw new CliError(
    'USAGE',
    'Keys of your own need --application-id.',
    'Give the application id they belong to.',
    exitCodes.usage,
  );
}
