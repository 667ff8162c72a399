import { get, type IncomingMessage } from 'node:http';
import { askForApp, makeApp, testImage } from '../../test/make-app';
import { bearer, type Person, signUp } from '../../test/people';
import { PlayAgent } from '../../test/play-agent';
import { startApi, type TestApi } from '../../test/start-api';
import type { OperationView } from './operation.dto';
import { OperationStreams } from './operation-streams';
import { OperationsRepository } from './operations.repository';

// For a machine that has other work, too.
jest.setTimeout(60_000);

let api: TestApi;
let agent: PlayAgent;
let ada: Person;
let eve: Person;
beforeAll(async () => {
  api = await startApi({ BERTH_RUNTIME_IMAGE: testImage });
  agent = await new PlayAgent(api.db).open();
  ada = await signUp(api, 'ada@example.com');
  eve = await signUp(api, 'eve@example.com');
});
afterAll(async () => {
  agent?.close();
  await api?.close();
});
afterEach(() => jest.restoreAllMocks());

describe('an operation', () => {
  it.each(['', '/events'])('%s is for its organization alone', async (suffix) => {
    const { operation } = await askForApp(api, ada);
    const path = `/v1/operations/${operation.id}${suffix}`;
    expect((await api.http.get(path).expect(401)).body.code).toBe('SIGN_IN_REQUIRED');
    expect((await api.http.get(path).set(bearer(eve)).expect(404)).body.code).toBe('OPERATION_NOT_FOUND');
    const unknown = await api.http.get(`/v1/operations/op_00000000000000000000${suffix}`).set(bearer(ada)).expect(404);
    expect(unknown.body.code).toBe('OPERATION_NOT_FOUND');
    expect(
      (
        await api.http
          .get(`/v1/operations/${'x'.repeat(100)}${suffix}`)
          .set(bearer(ada))
          .expect(400)
      ).body.code,
    ).toBe('INPUT_INVALID');
  });
});

describe('the stream of an operation', () => {
  it('sends the whole operation at once and at each change, and ends after the last', async () => {
    const { operation, environmentId } = await askForApp(api, ada);
    const stream = await open(operation.id);
    expect(stream.headers).toMatchObject({ 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' });
    await stream.until((events) => events.length >= 1);
    await agent.progress(environmentId, ['volume'], 'container');
    await stream.until((events) => stateOf(events.at(-1), 'container') === 'running');
    await agent.obeyAll([environmentId]);
    await stream.ended;
    const last = stream.events.at(-1)!;
    expect(last.data).toMatchObject({ id: operation.id, state: 'succeeded' });
    expect(last.data.finishedAt).not.toBeNull();
    const ids = stream.events.map(({ id }) => Number(id));
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
    expect(api.api.get(OperationStreams).size).toBe(0);
  });

  it('sends one event and ends when the operation had ended', async () => {
    const made = await makeApp(api, agent, ada);
    const [operation] = await api.db.collection('operations').find({ appId: made.id }).toArray();
    const stream = await open(String(operation?._id));
    await stream.ended;
    expect(stream.events).toMatchObject([{ data: { state: 'succeeded' } }]);
    const back = await open(String(operation?._id), stream.events[0]!.id);
    expect(back.status).toBe(204);
    await back.ended;
  });

  it('goes on for a client that comes back, without telling what it knows', async () => {
    const { operation, environmentId } = await askForApp(api, ada);
    const first = await open(operation.id);
    await first.until((events) => stateOf(events.at(-1), 'place') === 'done');
    const known = first.events.at(-1)!.id;
    first.drop();
    const second = await open(operation.id, known);
    await agent.obeyAll([environmentId]);
    await second.ended;
    expect(second.events.map(({ id }) => id)).not.toContain(known);
    expect(second.events.at(-1)!.data.state).toBe('succeeded');
  });

  it('is cheap for many listeners, and frees all when they go', async () => {
    const { operation } = await askForApp(api, ada);
    const streams = await Promise.all(Array.from({ length: 100 }, () => open(operation.id)));
    await Promise.all(streams.map((stream) => stream.until((events) => stateOf(events.at(-1), 'place') === 'done')));
    expect(api.api.get(OperationStreams).size).toBe(100);
    const reads = jest.spyOn(api.api.get(OperationsRepository), 'find');
    while (reads.mock.calls.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    // Looked at once for all of them, not once for each.
    expect(reads.mock.calls.length).toBeLessThan(20);
    for (const stream of streams) stream.drop();
    while (api.api.get(OperationStreams).size > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    const after = reads.mock.calls.length;
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(reads.mock.calls.length - after).toBeLessThan(2);
  });

  it('lives through a time without MongoDB’s answer', async () => {
    const { operation, environmentId } = await askForApp(api, ada);
    const stream = await open(operation.id);
    await stream.until((events) => events.length >= 1);
    const spy = jest.spyOn(api.api.get(OperationsRepository), 'find').mockRejectedValue(new Error('away'));
    while (spy.mock.calls.length < 2) await new Promise((resolve) => setTimeout(resolve, 50));
    jest.restoreAllMocks();
    await agent.obeyAll([environmentId]);
    await stream.ended;
    expect(stream.events.at(-1)!.data.state).toBe('succeeded');
  });
});

interface StreamEvent {
  id: string;
  data: OperationView;
}

/** A client of server-sent events: reads what comes, and says when the server has ended it. */
async function open(id: string, lastEventId?: string) {
  const events: StreamEvent[] = [];
  const headers = { ...bearer(ada), ...(lastEventId ? { 'Last-Event-ID': lastEventId } : {}) };
  const request = get(`${api.origin}/v1/operations/${id}/events`, { headers });
  const response = await new Promise<IncomingMessage>((resolve, reject) =>
    request.once('response', resolve).once('error', reject),
  );
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const fields = Object.fromEntries(
        text
          .slice(0, end)
          .split('\n')
          .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      );
      text = text.slice(end + 2);
      if (fields.event === 'operation') events.push({ id: fields.id ?? '', data: JSON.parse(fields.data ?? '') });
    }
  });
  response.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => response.once('end', resolve));
  return {
    status: response.statusCode,
    headers: response.headers,
    events,
    ended,
    drop: () => request.destroy(),
    until: async (holds: (seen: StreamEvent[]) => boolean) => {
      while (!holds(events)) await new Promise((resolve) => setTimeout(resolve, 10));
    },
  };
}

function stateOf(event: StreamEvent | undefined, step: string): string | undefined {
  return event?.data.steps.find(({ name }) => name === step)?.state;
}
