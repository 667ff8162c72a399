import { queryOptions } from '@tanstack/react-query';
import { call } from './client';
import type { AccessToken, Account, Page, Session, SetupStatus } from './types';

export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: () => call<SetupStatus>('GET', '/v1/setup'),
  staleTime: Number.POSITIVE_INFINITY,
});

export const accountQuery = queryOptions({
  queryKey: ['account'],
  queryFn: async () => (await call<{ account: Account }>('GET', '/v1/account')).account,
  staleTime: 60_000,
});

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: () => call<Page<Session>>('GET', '/v1/sessions?limit=100'),
});

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: () => call<Page<AccessToken>>('GET', '/v1/tokens?limit=100'),
});

export interface NewAccount {
  email: string;
  password: string;
  name?: string;
  setupToken?: string;
  invitation?: string;
}

export const signUp = (input: NewAccount) => call<{ account: Account }>('POST', '/v1/accounts', input);
export const signIn = (input: { email: string; password: string }) => call<{ account: Account }>('POST', '/v1/sessions', input);
export const signOut = () => call<void>('DELETE', '/v1/sessions/current');
export const endSession = (id: string) => call<void>('DELETE', `/v1/sessions/${id}`);
export const endOtherSessions = () => call<void>('DELETE', '/v1/sessions');

export const renameAccount = (name: string) => call<{ account: Account }>('PATCH', '/v1/account', { name });
export const changePassword = (input: { current: string; next: string }) => call<void>('POST', '/v1/account/password', input);

export interface NewToken {
  name: string;
  scopes: string[];
  expiresInDays: number | null;
}
export const makeToken = (input: NewToken) => call<{ token: AccessToken; secret: string }>('POST', '/v1/tokens', input);
export const revokeToken = (id: string) => call<void>('DELETE', `/v1/tokens/${id}`);
