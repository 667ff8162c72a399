import { answerOf, type BerthClient } from '@berth/client/client';
import type { components } from '@berth/client/schema';
import { CliError } from './failures';
import { pairs } from './output';

export type App = components['schemas']['App'];
export type Environment = components['schemas']['Environment'];

/** @param app id or slug */
export function getApp(client: BerthClient, app: string): Promise<App> {
  return answerOf(client.GET('/v1/apps/{app}', { params: { path: { app } } }));
}

/** @throws CliError for an app without any, whose creation has not come that far */
export function environmentOf({ slug, environments }: App): Environment {
  const environment = environments[0];
  if (environment) return environment;
  throw new CliError('NO_ENVIRONMENT', `${slug} has no environment.`, `See berth apps info ${slug}.`);
}

export function getKeys(client: BerthClient, app: App): Promise<components['schemas']['Keys']> {
  const path = { app: app.id, env: environmentOf(app).name };
  return answerOf(client.GET('/v1/apps/{app}/environments/{env}/keys', { params: { path } }));
}

export function describeApp(app: App): string {
  const environment = app.environments[0];
  return pairs({
    Name: app.name,
    Slug: app.slug,
    Id: app.id,
    State: app.state,
    Why: app.reason?.message,
    Server: environment?.serverUrl,
    'By path': environment?.pathUrl,
    LiveQuery: environment?.liveQueryUrl,
    GraphQL: environment?.graphqlUrl,
    'Application id': environment?.applicationId,
    Created: app.createdAt,
    'In the trash since': app.trashedAt,
    'Goes for good': app.purgeAt,
  });
}
