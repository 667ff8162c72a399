import type { App, CreateAppBody, RotatedKey } from '@berth/client/schema';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, ask } from './client';
import { whenFree } from './when-free';

export type AppState = App['state'];
export type KeyKind = RotatedKey['kind'];
export type NewApp = Omit<CreateAppBody, 'mountPath'> & { mountPath?: string };

/** States that end by themselves within seconds: worth looking at again soon. */
const passing: ReadonlySet<AppState> = new Set(['creating', 'deleting']);
const soon = 1_000;
const later = 5_000;

const pollFor = (apps: App[]) => (apps.some((app) => passing.has(app.state)) ? soon : later);

export const appsQuery = (state: 'active' | 'trashed') =>
  infiniteQueryOptions({
    queryKey: ['apps', state],
    queryFn: ({ pageParam }) =>
      ask(api.GET('/v1/apps', { params: { query: { state, ...(pageParam ? { cursor: pageParam } : {}) } } })),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: (query) => pollFor(query.state.data?.pages.flatMap((page) => page.items) ?? []),
  });

/** One app, by slug or id. */
export const appQuery = (app: string) =>
  queryOptions({
    queryKey: ['app', app],
    queryFn: () => ask(api.GET('/v1/apps/{app}', { params: { path: { app } } })),
    refetchInterval: (query) => pollFor(query.state.data ? [query.state.data] : []),
  });

export const keysQuery = (app: string, env: string) =>
  queryOptions({
    queryKey: ['app', app, 'keys', env],
    queryFn: () => ask(api.GET('/v1/apps/{app}/environments/{env}/keys', { params: { path: { app, env } } })),
    staleTime: 30_000,
    // Secrets leave memory when nobody looks at them.
    gcTime: 0,
  });

export const orgsQuery = queryOptions({
  queryKey: ['orgs'],
  queryFn: () => ask(api.GET('/v1/orgs')),
  staleTime: 60_000,
});

/** `idempotencyKey` makes a repeat after a lost answer the same creation. */
export const createApp = (body: NewApp, idempotencyKey: string) =>
  ask(
    api.POST('/v1/apps', {
      params: { header: { 'Idempotency-Key': idempotencyKey } },
      body: { mountPath: '/parse', ...body },
    }),
  );
export const changeApp = (app: string, body: { name?: string; slug?: string }) =>
  whenFree(() => ask(api.PATCH('/v1/apps/{app}', { params: { path: { app } }, body })));
export const trashApp = (app: string) => whenFree(() => ask(api.DELETE('/v1/apps/{app}', { params: { path: { app } } })));
export const restoreApp = (app: string) => whenFree(() => ask(api.POST('/v1/apps/{app}/restore', { params: { path: { app } } })));
export const purgeApp = (app: string, slug: string) =>
  whenFree(() => ask(api.DELETE('/v1/apps/{app}/purge', { params: { path: { app }, query: { confirm: slug } } })));

export const rotateKey = (app: string, env: string, kind: KeyKind, oldValidHours: number) =>
  whenFree(() =>
    ask(
      api.POST('/v1/apps/{app}/environments/{env}/keys/{kind}/rotate', {
        params: { path: { app, env, kind } },
        body: { oldValidHours },
      }),
    ),
  );
