import { z } from 'zod';

/** A key and the values it had before, which stay valid until their own end. Times are ISO 8601 in UTC. */
export const rotatingKey = z.object({
  current: z.string().min(1),
  previous: z.array(z.object({ value: z.string().min(1), validUntil: z.iso.datetime() })).default([]),
});

/** What the app's users may do, whatever power the runtime is in. `suspended` never reaches a runtime: the gateway shuts out before. */
export const runtimeAdmission = z.discriminatedUnion('mode', [
  z.object({ mode: z.literal('open') }),
  z.object({ mode: z.literal('read-only'), reason: z.string() }),
  z.object({
    mode: z.literal('no-growth'),
    meter: z.string(),
    value: z.number(),
    limit: z.number(),
    measuredAt: z.iso.datetime(),
  }),
  z.object({ mode: z.literal('maintenance'), message: z.string() }),
]);

/** Path of the Parse API inside the app's address: `/parse`, `/1`, `/` or any other. */
export const mountPath = z
  .string()
  .max(100)
  .regex(/^\/([A-Za-z0-9._~-]+(\/[A-Za-z0-9._~-]+)*)?$/, 'a path such as /parse, /1 or /');

/** Settings of Parse Server that a founder may change. Every field has a default of production quality. */
export const parseSettings = z.object({
  allowClientClassCreation: z.boolean().default(true),
  allowCustomObjectId: z.boolean().default(false),
  masterKeyIps: z.array(z.string()).default(['0.0.0.0/0', '::/0']),
  sessionLengthSeconds: z.int().positive().default(31_536_000),
  enableAnonymousUsers: z.boolean().default(true),
  fileUpload: z
    .object({
      enableForPublic: z.boolean().default(false),
      enableForAnonymousUser: z.boolean().default(true),
      enableForAuthenticatedUser: z.boolean().default(true),
      maxUploadBytes: z
        .int()
        .positive()
        .default(20 * 1024 * 1024),
    })
    .prefault({}),
  passwordPolicy: z
    .object({ minLength: z.int().min(1).max(128).default(8), doNotAllowUsername: z.boolean().default(true) })
    .prefault({}),
  accountLockout: z
    .object({ threshold: z.int().min(1).max(999).default(10), durationMinutes: z.int().min(1).max(99_999).default(5) })
    .prefault({}),
  requestComplexity: z
    .object({
      queryDepth: z.int().default(10),
      includeDepth: z.int().default(8),
      includeCount: z.int().default(60),
      subqueryDepth: z.int().default(4),
      subqueryLimit: z.int().default(1000),
      graphQLDepth: z.int().default(12),
      graphQLFields: z.int().default(300),
      batchRequestLimit: z.int().default(100),
    })
    .prefault({}),
  /** For each client address; the gateway limits by environment. */
  rateLimit: z
    .object({
      requests: z.int().positive().default(600),
      windowSeconds: z.int().positive().default(60),
      logins: z.int().positive().default(30),
    })
    .prefault({}),
  idempotencySeconds: z.int().min(0).default(300),
  maxRequestBytes: z
    .int()
    .positive()
    .default(20 * 1024 * 1024),
  graphql: z.object({ enabled: z.boolean().default(true), introspectionForPublic: z.boolean().default(false) }).prefault({}),
  liveQuery: z.object({ enabled: z.boolean().default(true), maxConnections: z.int().positive().default(1000) }).prefault({}),
});

/** The body of `PUT /config` on the admin socket: all that a runtime knows of the environment it serves. */
export const runtimeConfig = z.object({
  /** Rises by one with each change; a runtime refuses a lower one than it has. */
  generation: z.int().positive(),
  runtimeId: z.string(),
  /** null while the runtime is warm and unclaimed. */
  environmentId: z.string().nullable(),
  appName: z.string(),
  applicationId: z.string(),
  keys: z.object({
    javascript: rotatingKey,
    rest: rotatingKey,
    client: rotatingKey,
    master: rotatingKey,
    readOnlyMaster: rotatingKey,
  }),
  /** The first is the one that new links are made with; the others are for clients that have not moved yet. */
  mountPaths: z.array(mountPath).min(1),
  /** Origin of the app as its users type it, no slash at the end, e.g. `http://hello.localhost:4080`. */
  publicOrigin: z.url(),
  admission: runtimeAdmission,
  parse: parseSettings.prefault({}),
});

export type RotatingKey = z.infer<typeof rotatingKey>;
export type RuntimeAdmission = z.infer<typeof runtimeAdmission>;
export type ParseSettings = z.infer<typeof parseSettings>;
export type RuntimeConfig = z.infer<typeof runtimeConfig>;
