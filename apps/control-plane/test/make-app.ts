import { AdvanceOperation } from '../src/operations/use-cases/advance-operation';
import { bearer, type Person } from './people';
import type { PlayAgent } from './play-agent';
import type { TestApi } from './start-api';

export const testImage = 'berth/runtime:test';

export interface MadeApp {
  id: string;
  slug: string;
  environmentId: string;
}

/** Asks for an app, without anything happening to it. */
export async function askForApp(api: TestApi, person: Person, body: object = { name: 'Hello' }) {
  const answer = await api.http.post('/v1/apps').set(bearer(person)).send(body).expect(202);
  return { app: answer.body.app, operation: answer.body.operation, environmentId: answer.body.app.environments[0].id as string };
}

/** An app that runs. */
export async function makeApp(api: TestApi, agent: PlayAgent, person: Person, body?: object): Promise<MadeApp> {
  const { app, operation, environmentId } = await askForApp(api, person, body);
  await agent.obeyAll([environmentId]);
  await expectEnd(api, person, operation.id, 'succeeded');
  return { id: app.id, slug: app.slug, environmentId };
}

/** Polls the operation until it has ended, and expects it to have ended so. */
export async function expectEnd(api: TestApi, person: Person, operationId: string, state: 'succeeded' | 'failed') {
  for (;;) {
    const { body } = await api.http.get(`/v1/operations/${operationId}`).set(bearer(person)).expect(200);
    if (body.state !== 'running') {
      expect({ state: body.state, error: body.error }).toMatchObject({ state });
      return body;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Lets the operation look older than it is, as after a long standstill, and advances it as the worker does. */
export async function advanceLater(api: TestApi, operationId: string, laterMs: number) {
  const operation = await api.db.collection('operations').findOne({ _id: operationId as never });
  if (!operation) throw new Error(`there is no operation ${operationId}`);
  const shift = (at: Date) => new Date(at.getTime() - laterMs);
  await api.db
    .collection('operations')
    .updateOne(
      { _id: operationId as never },
      { $set: { createdAt: shift(operation.createdAt), deadline: shift(operation.deadline) } },
    );
  return api.api.get(AdvanceOperation).run(operationId);
}

/** Ids in every collection that an app leaves traces in, so that tests can say that nothing is left. */
export async function tracesOf(api: TestApi, app: { id: string; environmentId: string }) {
  const { db } = api;
  const ids = async (collection: string, filter: object) =>
    (await db.collection(collection).find(filter).toArray()).map((row) => String(row._id));
  return {
    apps: await ids('apps', { _id: app.id }),
    slugs: await ids('slugs', { appId: app.id }),
    environments: await ids('environments', { appId: app.id }),
    liveHosts: await ids('route_hosts', { environmentId: app.environmentId, deletedAt: null }),
    livePolicies: await ids('route_policies', { _id: app.environmentId, deletedAt: null }),
    keptRuntimes: await ids('runtimes', { environmentId: app.environmentId, purge: null }),
  };
}

export const noTraces = { apps: [], slugs: [], environments: [], liveHosts: [], livePolicies: [], keptRuntimes: [] };
