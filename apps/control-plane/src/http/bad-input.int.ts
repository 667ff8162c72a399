import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomText } from '@berth/contracts/ids';
import { catalogue } from '@berth/errors/catalogue';
import { bearer, type Person, signUp } from '../../test/people';
import { startApi, type TestApi } from '../../test/start-api';
import { tokenScopes } from './identity';

interface Schema {
  $ref?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  type?: string | string[];
}
interface Operation {
  operationId: string;
  description?: string;
  security: object[];
  parameters: { name: string; in: 'path' | 'query' | 'header'; schema: Schema; required: boolean }[];
  requestBody?: { content: { 'application/json': { schema: Schema } } };
}
interface Endpoint {
  method: string;
  path: string;
  operation: Operation;
}

const document = JSON.parse(readFileSync(join(__dirname, '..', '..', '..', '..', 'openapi.json'), 'utf8'));
const endpoints: Endpoint[] = Object.entries<Record<string, Operation>>(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ method, path, operation })),
);
const named = (list: Endpoint[]) => list.map((each) => [`${each.method.toUpperCase()} ${each.path}`, each] as const);
const withBody = endpoints.filter(({ operation }) => operation.requestBody);
const guarded = endpoints.filter(({ operation }) => operation.security.length > 0);

let api: TestApi;
let operator: Person;
beforeAll(async () => {
  api = await startApi();
  operator = await signUp(api, 'operator@example.com');
});
afterAll(() => api?.close());
beforeEach(async () => {
  await api.db.collection('attempts').deleteMany({});
});

/** The path with every parameter as a well-formed id of nothing. */
function pathOf({ path }: Endpoint, value = `app_${randomText(20)}`): string {
  return path.replace(/\{\w+\}/g, encodeURIComponent(value));
}

function send(endpoint: Endpoint, path = pathOf(endpoint)) {
  return api.http[endpoint.method as 'post'](path).set(bearer(operator));
}

function expectRefusal(answer: { status: number; body: Record<string, unknown>; headers: Record<string, string> }): void {
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
  const { code, message, next, requestId } = answer.body;
  const entry = catalogue[code as keyof typeof catalogue];
  expect({ code, status: entry?.status }).toEqual({ code, status: answer.status });
  expect(message).toMatch(/^[A-Z“].*[.]$/su);
  expect(`${message}${next}`).not.toMatch(/\{\w+\}/);
  expect(next).not.toBe('');
  expect(requestId).toBe(answer.headers['x-request-id']);
}

function bodySchema({ operation }: Endpoint): Schema {
  const schema = operation.requestBody?.content['application/json'].schema ?? {};
  return schema.$ref ? document.components.schemas[schema.$ref.split('/').at(-1) ?? ''] : schema;
}

it('the committed document is the one that is served', async () => {
  const served = await api.http.get('/openapi.json').expect(200);
  expect(served.body).toEqual(document);
  expect(served.body.openapi).toBe('3.1.0');
});

describe('nobody', () => {
  it.each(named(guarded))('%s', async (_name, endpoint) => {
    const answer = await api.http[endpoint.method as 'post'](pathOf(endpoint)).expect(401);
    expectRefusal(answer);
    expect(answer.body.code).toBe('SIGN_IN_REQUIRED');
  });
});

describe('a token without the scope', () => {
  const scopeOf = ({ operation }: Endpoint) => /Scope of an access token: `([\w:]+)`/.exec(operation.description ?? '')?.[1];
  const tokens = new Map<string, string>();
  beforeAll(async () => {
    for (const missing of tokenScopes) {
      const scopes = tokenScopes.filter((scope) => scope !== missing);
      const made = await api.http
        .post('/v1/tokens')
        .set(bearer(operator))
        .send({ name: missing, scopes, expiresInDays: 1 })
        .expect(201);
      tokens.set(missing, made.body.secret);
    }
  });

  it.each(named(guarded.filter(scopeOf)))('%s', async (_name, endpoint) => {
    const token = tokens.get(scopeOf(endpoint) ?? '') ?? '';
    const answer = await api.http[endpoint.method as 'post'](pathOf(endpoint)).set('Authorization', `Bearer ${token}`);
    expectRefusal(answer);
    expect(answer.body.code).toBe('TOKEN_SCOPE_MISSING');
  });
});

describe('ids of nothing, and what is no id', () => {
  const values = [
    `app_${randomText(20)}`,
    'x',
    '-',
    'x'.repeat(3000),
    '../../etc/passwd',
    "'; drop table",
    '{"$ne":1}',
    '\u0000',
    '💥',
    '__proto__',
  ];
  it.each(named(endpoints.filter(({ path }) => path.includes('{'))))('%s', async (_name, endpoint) => {
    for (const value of values) {
      const request = send(endpoint, pathOf(endpoint, value));
      expectRefusal(await (endpoint.operation.requestBody ? request.send({}) : request));
    }
    expectRefusal(await send(endpoint, endpoint.path.replace(/\{\w+\}/g, '%zz')));
  });
});

describe('queries', () => {
  const withQuery = endpoints.filter(({ operation }) => operation.parameters.some((parameter) => parameter.in === 'query'));
  it.each(named(withQuery))('%s', async (_name, endpoint) => {
    for (const { name, schema } of endpoint.operation.parameters.filter((parameter) => parameter.in === 'query')) {
      const wrong = [`${name}=${'x'.repeat(1000)}`, `${name}=a&${name}=b`, `${name}[$ne]=1&surprise=1`];
      if (schema.type === 'integer') wrong.push(`${name}=abc`, `${name}=-1`, `${name}=1e9`, `${name}=1.5`, `${name}=`);
      for (const query of wrong) expectRefusal(await send(endpoint, `${pathOf(endpoint)}?${query}`));
    }
    const cursor = await send(endpoint, `${pathOf(endpoint)}?cursor=${Buffer.from('1 $ne').toString('base64url')}`);
    expectRefusal(cursor);
  });
});

describe('bodies', () => {
  it.each(named(withBody))('%s', async (_name, endpoint) => {
    const json = (text: string) => send(endpoint).set('Content-Type', 'application/json').send(text);
    for (const text of ['{', '{"a":}', '"text"', '7', 'null', 'true', '[]', '\u0000', '{"a":"\\ud800"', '{}}'])
      expectRefusal(await json(text));

    const surprised = await send(endpoint).send({ surprise: 1 });
    expectRefusal(surprised);
    expect([surprised.body.code, surprised.body.message]).toEqual(['INPUT_INVALID', expect.stringContaining('surprise')]);
    expectRefusal(await json('{"__proto__":{"operator":true}}'));
    expectRefusal(await json('{"constructor":{"prototype":{"operator":true}}}'));

    const { properties = {}, required = [] } = bodySchema(endpoint);
    if (required.length > 0) {
      expectRefusal(await send(endpoint).send({}));
      expectRefusal(await send(endpoint));
    }
    const wrongTypes = [{ $gt: '' }, [], [[]], Number.MAX_SAFE_INTEGER, -1.5, true, 'x'.repeat(100_000), '', '\u0000\u0007'];
    for (const name of Object.keys(properties))
      for (const value of wrongTypes) {
        const answer = await send(endpoint).send({ [name]: value, surprise: 1 });
        expectRefusal(answer);
        expect(answer.body.code).toBe('INPUT_INVALID');
      }
  });

  it.each(named(withBody))('%s: too large, too deep, of another type', async (_name, endpoint) => {
    const huge = await send(endpoint).send({ name: 'x'.repeat(300 * 1024) });
    expect([huge.status, huge.body.code]).toEqual([413, 'BODY_TOO_LARGE']);
    const deep = await send(endpoint)
      .set('Content-Type', 'application/json')
      .send('{"a":'.repeat(100) + 1 + '}'.repeat(100));
    expect([deep.status, deep.body.code]).toEqual([400, 'JSON_TOO_DEEP']);
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/xml',
      'multipart/form-data; boundary=x',
    ]) {
      const other = await send(endpoint).set('Content-Type', type).send('name=x');
      expect([other.status, other.body.code]).toEqual([415, 'MEDIA_TYPE_UNSUPPORTED']);
    }
    const zipped = await send(endpoint).set('Content-Type', 'application/json').set('Content-Encoding', 'rot13').send('{}');
    expectRefusal(zipped);
    const charset = await send(endpoint).set('Content-Type', 'application/json; charset=klingon').send('{}');
    expectRefusal(charset);
  });
});

describe('paths that are not there', () => {
  it.each(['/v1', '/v1/', '/v1/nothing', '/v1/accounts/../../etc', '/v2/apps', '/.env', '/v1/%zz', '/metrics/x'])(
    '%s',
    async (path) => {
      expectRefusal(await api.http.get(path));
    },
  );

  it.each(['put', 'delete', 'patch'] as const)('%s /v1/setup', async (method) => {
    const answer = await api.http[method]('/v1/setup').expect(404);
    expect(answer.body.code).toBe('ENDPOINT_NOT_FOUND');
  });
});
