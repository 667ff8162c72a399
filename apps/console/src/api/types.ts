/** Shapes of the API that the console uses. */

export interface SetupStatus {
  needsSetup: boolean;
  signUp: 'open' | 'invitation' | 'closed';
  version: string;
}

export interface Account {
  id: string;
  email: string;
  name: string;
  operator: boolean;
  createdAt: string;
}

export interface Session {
  id: string;
  current: boolean;
  userAgent: string;
  address: string;
  createdAt: string;
  lastUsedAt: string;
  expiresAt: string;
}

export type TokenScope = 'apps:read' | 'apps:write' | 'keys:read' | 'account:read' | 'account:write' | 'admin';

export interface AccessToken {
  id: string;
  name: string;
  prefix: string;
  scopes: TokenScope[];
  createdAt: string;
  lastUsedAt: string | null;
  expiresAt: string | null;
}

export interface Org {
  id: string;
  name: string;
  personal: boolean;
  role: 'owner' | 'admin' | 'developer' | 'viewer';
}

export type AppState = 'creating' | 'running' | 'sleeping' | 'stopped' | 'failed' | 'trashed' | 'deleting';

export interface Reason {
  code: string;
  message: string;
}

export interface Environment {
  id: string;
  name: string;
  address: string;
  serverUrl: string;
  liveQueryUrl: string;
  graphqlUrl: string;
  pathUrl: string;
  applicationId: string;
  mountPath: string;
  power: string;
  admission: string;
  state: AppState;
  reason: Reason | null;
  image: string | null;
  createdAt: string;
}

export interface App {
  id: string;
  orgId: string;
  name: string;
  slug: string;
  state: AppState;
  reason: Reason | null;
  createdAt: string;
  trashedAt: string | null;
  purgeAt: string | null;
  environments: Environment[];
}

export type KeyKind = 'javascript' | 'rest' | 'client' | 'master' | 'readOnlyMaster';

export interface Keys {
  applicationId: string;
  javascriptKey: string;
  restApiKey: string;
  clientKey: string;
  masterKey: string;
  readOnlyMasterKey: string;
  previous: { kind: KeyKind; validUntil: string }[];
}

export interface OperationStep {
  name: string;
  state: 'pending' | 'running' | 'done' | 'failed';
  startedAt: string | null;
  finishedAt: string | null;
  ms: number | null;
}

export interface Operation {
  id: string;
  kind: string;
  appId: string;
  environmentId: string | null;
  state: 'running' | 'succeeded' | 'failed';
  steps: OperationStep[];
  error: { code: string; message: string; next: string } | null;
  createdAt: string;
  finishedAt: string | null;
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}
