/**
 * What a request would do to the app's data.
 * `session`: log-in and the like, which an app in any mode but maintenance allows. `code`: a cloud function, whose own writes are judged
 * one by one where they reach the database.
 */
export type Effect = 'read' | 'session' | 'code' | 'delete' | 'update' | 'grow';

const order: readonly Effect[] = ['read', 'session', 'code', 'delete', 'update', 'grow'];

const sessionPaths = new Set([
  'login',
  'logout',
  'loginas',
  'verifypassword',
  'upgradetorevocablesession',
  'requestpasswordreset',
  'verificationemailrequest',
  'challenge',
  'sessions',
  'events',
  'apps',
]);

/** A larger update could add a noticeable amount; operations that append could do so by repetition. */
const smallUpdateBytes = 1024;
const appending = new Set(['Add', 'AddUnique', 'AddRelation', 'Batch']);

/**
 * @param method after `_method` of the body
 * @param path below the mount path, e.g. `/classes/Note/xyz`
 * @param body as parsed; of a batch, its requests count, the gravest decides
 */
export function classifyRequest(method: string, path: string, body: unknown): Effect {
  const verb = method.toUpperCase();
  const first = path.replace(/^\/+/, '').split('/', 1)[0]?.toLowerCase() ?? '';
  if (verb === 'GET' || verb === 'HEAD' || verb === 'OPTIONS') return 'read';
  if (sessionPaths.has(first)) return 'session';
  if (first === 'functions' || first === 'jobs') return 'code';
  if (first === 'batch') return gravest(batchEffects(body));
  if (verb === 'DELETE' || first === 'purge') return 'delete';
  if (verb === 'PUT') return grows(body) ? 'grow' : 'update';
  return 'grow';
}

export function gravest(effects: Iterable<Effect>): Effect {
  let worst = 0;
  for (const effect of effects) worst = Math.max(worst, order.indexOf(effect));
  return order[worst] ?? 'read';
}

function* batchEffects(body: unknown): Generator<Effect> {
  const requests = (body as { requests?: unknown } | null)?.requests;
  if (!Array.isArray(requests)) return;
  for (const each of requests) {
    if (typeof each?.path !== 'string') continue;
    yield classifyRequest(String(each.method ?? 'GET'), afterMountPath(each.path), each.body);
  }
}

/** A batch names whole paths. What is mounted where does not matter here: the route is what follows the last known word. */
function afterMountPath(path: string): string {
  const words = path.split('/');
  const index = words.findIndex((word) => routes.has(word.toLowerCase()));
  return index === -1 ? path : `/${words.slice(index).join('/')}`;
}

const routes = new Set([
  ...sessionPaths,
  'classes',
  'users',
  'roles',
  'installations',
  'functions',
  'jobs',
  'files',
  'schemas',
  'hooks',
]);

/** Whether an update may enlarge what is stored by more than a little. */
export function grows(body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return false;
  const text = JSON.stringify(body);
  if (Buffer.byteLength(text) > smallUpdateBytes) return true;
  return Object.values(body).some((value) => appending.has((value as { __op?: string } | null)?.__op ?? ''));
}
