import type { AccessToken, CreateTokenBody, SignInBody, SignUpBody } from '@berth/client/schema';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, ask } from './client';

export type TokenScope = AccessToken['scopes'][number];

export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: () => ask(api.GET('/v1/setup')),
  staleTime: Number.POSITIVE_INFINITY,
});

export const accountQuery = queryOptions({
  queryKey: ['account'],
  queryFn: async () => (await ask(api.GET('/v1/account'))).account,
  staleTime: 60_000,
});

const cursorOf = (pageParam: string) => (pageParam ? { cursor: pageParam } : {});

export const sessionsQuery = infiniteQueryOptions({
  queryKey: ['sessions'],
  queryFn: ({ pageParam }) => ask(api.GET('/v1/sessions', { params: { query: cursorOf(pageParam) } })),
  initialPageParam: '',
  getNextPageParam: (page) => page.nextCursor,
});

export const tokensQuery = infiniteQueryOptions({
  queryKey: ['tokens'],
  queryFn: ({ pageParam }) => ask(api.GET('/v1/tokens', { params: { query: cursorOf(pageParam) } })),
  initialPageParam: '',
  getNextPageParam: (page) => page.nextCursor,
});

export const signUp = (body: SignUpBody) => ask(api.POST('/v1/accounts', { body }));
export const signIn = (body: SignInBody) => ask(api.POST('/v1/sessions', { body }));
export const signOut = () => ask(api.DELETE('/v1/sessions/current'));
export const endSession = (id: string) => ask(api.DELETE('/v1/sessions/{id}', { params: { path: { id } } }));
export const endOtherSessions = () => ask(api.DELETE('/v1/sessions'));

export const renameAccount = (name: string) => ask(api.PATCH('/v1/account', { body: { name } }));
export const changePassword = (body: { current: string; next: string }) => ask(api.POST('/v1/account/password', { body }));

export const makeToken = (body: CreateTokenBody) => ask(api.POST('/v1/tokens', { body }));
export const revokeToken = (id: string) => ask(api.DELETE('/v1/tokens/{id}', { params: { path: { id } } }));
