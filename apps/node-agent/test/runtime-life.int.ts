import { eventually, isSettled, TestNode } from './test-node';

jest.setTimeout(120_000);

describe('a runtime’s life', () => {
  let node: TestNode;

  beforeAll(async () => {
    node = await new TestNode().prepare();
    await node.agent().started;
  });

  afterAll(() => node.close());

  it('goes from requested to running, with its route and its steps', async () => {
    const { _id: id, environmentId } = await node.insert();
    node.hints.send({ kind: 'runtime', id, nodeId: node.nodeId });
    const { observed } = await node.untilRunning(id);

    expect(observed).toMatchObject({ configGeneration: 1, reason: null, attempts: 0, deadline: null, image: node.image });
    expect(observed.steps.map((step) => step.name)).toEqual(['volume', 'container', 'boot', 'configure']);
    for (const step of observed.steps) expect(step.finishedAt).toBeInstanceOf(Date);
    expect(await node.route(environmentId)).toMatchObject({
      runtimeId: id,
      nodeId: node.nodeId,
      target: `${observed.address}/1337`,
      deletedAt: null,
    });
    const answer = await fetch(`http://${observed.address}:1337/`, { headers: { 'x-berth-environment': environmentId ?? '' } });
    expect(await answer.json()).toEqual({ runtime: id, generation: 1 });
  });
});
