import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call } from './client';
import type { App, AppState, KeyKind, Keys, Operation, Org, Page } from './types';

/** States that end by themselves within seconds: worth looking at again soon. */
const passing: ReadonlySet<AppState> = new Set(['creating', 'deleting']);
const soon = 1_000;
const later = 5_000;

const pollFor = (apps: App[]) => (apps.some((app) => passing.has(app.state)) ? soon : later);

export const appsQuery = (state: 'active' | 'trashed') =>
  infiniteQueryOptions({
    queryKey: ['apps', state],
    queryFn: ({ pageParam }) =>
      call<Page<App>>('GET', `/v1/apps?state=${state}&limit=50${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ''}`),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: (query) => pollFor(query.state.data?.pages.flatMap((page) => page.items) ?? []),
  });

/** One app, by slug or id. */
export const appQuery = (app: string) =>
  queryOptions({
    queryKey: ['app', app],
    queryFn: () => call<App>('GET', `/v1/apps/${encodeURIComponent(app)}`),
    refetchInterval: (query) => pollFor(query.state.data ? [query.state.data] : []),
  });

export const keysQuery = (app: string, environment: string) =>
  queryOptions({
    queryKey: ['app', app, 'keys', environment],
    queryFn: () => call<Keys>('GET', `/v1/apps/${encodeURIComponent(app)}/environments/${encodeURIComponent(environment)}/keys`),
    staleTime: 30_000,
    // Secrets leave memory when nobody looks at them.
    gcTime: 0,
  });

export const orgsQuery = queryOptions({
  queryKey: ['orgs'],
  queryFn: () => call<Page<Org>>('GET', '/v1/orgs?limit=100'),
  staleTime: 60_000,
});

export interface Identity {
  applicationId: string;
  javascriptKey?: string;
  restApiKey?: string;
  clientKey?: string;
  masterKey?: string;
}

export interface NewApp {
  name: string;
  slug?: string;
  orgId?: string;
  identity?: Identity;
  mountPath?: string;
}

interface Started {
  app: App;
  operation: Operation;
}

/** `idempotencyKey` makes a repeat after a lost answer the same creation. */
export const createApp = (input: NewApp, idempotencyKey: string) =>
  call<Started>('POST', '/v1/apps', input, { 'Idempotency-Key': idempotencyKey });
export const changeApp = (id: string, change: { name?: string; slug?: string }) => call<App>('PATCH', `/v1/apps/${id}`, change);
export const trashApp = (id: string) => call<Started>('DELETE', `/v1/apps/${id}`);
export const restoreApp = (id: string) => call<Started>('POST', `/v1/apps/${id}/restore`);
export const purgeApp = (id: string, slug: string) =>
  call<Started>('DELETE', `/v1/apps/${id}/purge?confirm=${encodeURIComponent(slug)}`);

export interface RotatedKey {
  kind: KeyKind;
  value: string;
  oldValidUntil: string | null;
  operation: Operation;
}
export const rotateKey = (app: string, environment: string, kind: KeyKind, oldValidHours: number) =>
  call<RotatedKey>('POST', `/v1/apps/${app}/environments/${encodeURIComponent(environment)}/keys/${kind}/rotate`, {
    oldValidHours,
  });
