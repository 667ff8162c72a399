import type { RuntimeConfig } from '@berth/contracts/runtime-config';

/** What Parse Server gets beside the configuration: adapters that live longer than one configuration. */
export interface ParseParts {
  databaseAdapter: unknown;
  filesAdapter: unknown;
  loggerAdapter: unknown;
  requestContextMiddleware: unknown;
}

const port = 1337;

/**
 * Parse Server's options for a configuration. Every option that Parse Server 9 announces a new default for is set, so that none of its
 * deprecation warnings is left, and an update changes nothing behind anybody's back.
 */
export function parseOptions(config: RuntimeConfig, parts: ParseParts): Record<string, unknown> {
  const { parse, keys } = config;
  const path = config.mountPaths[0] === '/' ? '' : config.mountPaths[0];
  return {
    ...parts,
    appId: config.applicationId,
    appName: config.appName,
    masterKey: keys.master.current,
    readOnlyMasterKey: keys.readOnlyMaster.current,
    javascriptKey: keys.javascript.current,
    restAPIKey: keys.rest.current,
    clientKey: keys.client.current,
    masterKeyIps: parse.masterKeyIps,
    readOnlyMasterKeyIps: parse.masterKeyIps,
    // the Parse API is one process: what the app's code asks of it does not go through the network
    directAccess: true,
    serverURL: `http://127.0.0.1:${port}${path}`,
    publicServerURL: `${config.publicOrigin}${path}`,
    trustProxy: 1,
    verifyServerUrl: false,
    logLevel: 'info',
    maxUploadSize: `${Math.ceil(largestBody(config) / 1024)}kb`,

    allowClientClassCreation: parse.allowClientClassCreation,
    allowCustomObjectId: parse.allowCustomObjectId,
    enableAnonymousUsers: parse.enableAnonymousUsers,
    sessionLength: parse.sessionLengthSeconds,
    expireInactiveSessions: true,
    revokeSessionOnPasswordReset: true,
    fileUpload: {
      enableForPublic: parse.fileUpload.enableForPublic,
      enableForAnonymousUser: parse.fileUpload.enableForAnonymousUser,
      enableForAuthenticatedUser: parse.fileUpload.enableForAuthenticatedUser,
      // on PostgreSQL a file field keeps the name alone; a URL that a client sends is not stored
      allowedFileUrlDomains: ['*'],
    },
    passwordPolicy: passwordPolicy(config),
    accountLockout: {
      threshold: parse.accountLockout.threshold,
      duration: parse.accountLockout.durationMinutes,
      unlockOnPasswordReset: true,
    },
    requestComplexity: { ...parse.requestComplexity },
    rateLimit: rateLimits(config),
    idempotencyOptions: { paths: parse.idempotencySeconds > 0 ? ['.*'] : [], ttl: Math.max(1, parse.idempotencySeconds) },
    liveQuery: { classNames: parse.liveQuery.enabled ? ['.*'] : [] },
    graphQLPublicIntrospection: parse.graphql.introspectionForPublic,
    cacheMaxSize: 2000,

    allowAggregationForReadOnlyMasterKey: false,
    enableProductPurchaseLegacyApi: false,
    installation: { duplicateDeviceTokenActionEnforceAuth: true },
    pages: { encodePageParamHeaders: true },
    protectedFieldsOwnerExempt: true,
    protectedFieldsSaveResponseExempt: true,
    protectedFieldsTriggerExempt: true,
  };
}

/** Parse Server knows one limit for all bodies; a file may come base64-encoded inside JSON. The exact limits are checked apart. */
export function largestBody({ parse }: RuntimeConfig): number {
  return Math.max(parse.maxRequestBytes, Math.ceil((parse.fileUpload.maxUploadBytes * 4) / 3) + 65_536);
}

function passwordPolicy({ parse: { passwordPolicy: policy } }: RuntimeConfig) {
  return {
    validatorPattern: new RegExp(`^[\\s\\S]{${policy.minLength},}$`),
    validationError: `The password must have at least ${policy.minLength} characters.`,
    doNotAllowUsername: policy.doNotAllowUsername,
    resetTokenValidityDuration: 24 * 60 * 60,
    resetTokenReuseIfValid: false,
  };
}

/** For each client address. Log-ins have a smaller limit of their own; through GraphQL they are counted in graphql-admission. */
function rateLimits({ parse: { rateLimit } }: RuntimeConfig) {
  const requestTimeWindow = rateLimit.windowSeconds * 1000;
  const errorResponseMessage = 'Too many requests from this address. Try again in a moment.';
  const zone = 'ip';
  const guessing = ['/login', '/verifyPassword', '/requestPasswordReset'].map((requestPath) => ({
    requestPath,
    requestTimeWindow,
    requestCount: rateLimit.logins,
    errorResponseMessage: 'Too many attempts from this address. Try again in a moment.',
    zone,
  }));
  return [
    { requestPath: '/*path', requestTimeWindow, requestCount: rateLimit.requests, errorResponseMessage, zone },
    ...guessing,
  ];
}
