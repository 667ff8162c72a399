import { newId } from '@berth/contracts/ids';
import { Fatal } from './driver-errors';
import { canFreeze, type EngineEvent, type RuntimeDriver, type RuntimeSpec } from './runtime-driver';

/** A driver under test, and what only its own test knows how to do. */
export interface ConformanceSubject {
  driver: RuntimeDriver;
  /** A spec that can be made and started. */
  spec(runtimeId: string): Promise<RuntimeSpec>;
  /** Has the runtime's first process end with a failure, not through the driver. */
  endByItself(containerId: string, runtimeId: string): Promise<void>;
  close(): Promise<void>;
}

const waitMs = 10_000;

/** What every driver has to do alike. Call inside of a test file. */
export function describeDriver(name: string, make: () => Promise<ConformanceSubject>): void {
  describe(`the driver ${name}`, () => {
    let subject: ConformanceSubject;
    let driver: RuntimeDriver;

    beforeAll(async () => {
      subject = await make();
      driver = subject.driver;
    });
    afterAll(() => subject.close());

    const started = async () => {
      const spec = await subject.spec(newId('runtime'));
      const id = await driver.create(spec);
      await driver.start(id);
      // A first process that has not set up its signals yet cannot be asked to end.
      await until(
        () => driver.logs(id, 1),
        (lines) => lines.length > 0,
      );
      return { spec, id };
    };

    it('tells about its engine', async () => {
      expect(await driver.engine()).toEqual({
        version: expect.any(String),
        cgroup: expect.any(Number),
        storageDriver: expect.any(String),
        dataFolder: expect.stringMatching(/^\//),
      });
    });

    it('knows which images are there', async () => {
      const spec = await subject.spec(newId('runtime'));
      expect(await driver.hasImage(spec.image)).toBe(true);
      expect(await driver.hasImage('berth/nowhere:0')).toBe(false);
    });

    it('makes, starts, stops and removes, and shows each of it', async () => {
      const spec = await subject.spec(newId('runtime'));
      expect(await driver.inspect(spec.runtimeId)).toBeNull();

      const id = await driver.create(spec);
      const made = await driver.inspect(spec.runtimeId);
      expect(made).toMatchObject({ id, runtimeId: spec.runtimeId, phase: 'created', image: spec.image, address: spec.address });
      expect(made?.size).toEqual({ memoryMb: spec.size.memoryMb, cpus: spec.size.cpus, pids: spec.size.pids });
      expect(made?.startedAt).toBeNull();

      await driver.start(id);
      const running = await driver.inspect(spec.runtimeId);
      expect(running).toMatchObject({ id, phase: 'running', address: spec.address });
      expect(running?.startedAt).toBeInstanceOf(Date);

      await until(
        () => driver.logs(id, 1),
        (lines) => lines.length > 0,
      );
      await driver.stop(id, 10);
      expect(await driver.inspect(spec.runtimeId)).toMatchObject({ phase: 'exited', exitCode: 0, address: spec.address });

      await driver.remove(id);
      expect(await driver.inspect(spec.runtimeId)).toBeNull();
    });

    it('starts a stopped one again, later than before', async () => {
      const { spec, id } = await started();
      const first = await driver.inspect(spec.runtimeId);
      await driver.stop(id, 10);
      await driver.start(id);
      const second = await driver.inspect(spec.runtimeId);
      expect(second).toMatchObject({ id, phase: 'running', exitCode: null });
      expect(Number(second?.startedAt)).toBeGreaterThanOrEqual(Number(first?.startedAt));
      await driver.remove(id);
    });

    it('does nothing a second time', async () => {
      const { spec, id } = await started();
      expect(await driver.create(spec)).toBe(id);
      await driver.start(id);
      await driver.stop(id, 10);
      await driver.stop(id, 10);
      await driver.remove(id);
      await driver.remove(id);
      await driver.stop(id, 10);
    });

    it('removes one that runs', async () => {
      const { spec, id } = await started();
      await driver.remove(id);
      expect(await driver.inspect(spec.runtimeId)).toBeNull();
    });

    it('lists what there is', async () => {
      const { spec, id } = await started();
      const other = await subject.spec(newId('runtime'));
      const otherId = await driver.create(other);
      const listed = await driver.list();
      expect(listed).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ id, runtimeId: spec.runtimeId, phase: 'running', address: spec.address }),
          expect.objectContaining({ id: otherId, runtimeId: other.runtimeId, phase: 'created', address: other.address }),
        ]),
      );
      await driver.remove(id);
      await driver.remove(otherId);
      const left = (await driver.list()).map((entry) => entry.id);
      expect(left).not.toContain(id);
      expect(left).not.toContain(otherId);
    });

    it('says that an image is missing, for good', async () => {
      const spec = { ...(await subject.spec(newId('runtime'))), image: 'berth/nowhere:0' };
      const error = await driver.create(spec).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Fatal);
      expect(error).toMatchObject({ code: 'IMAGE_MISSING', details: { image: 'berth/nowhere:0' } });
      expect(await driver.inspect(spec.runtimeId)).toBeNull();
    });

    it('gives logs and statistics', async () => {
      const { id } = await started();
      expect(
        (
          await until(
            () => driver.logs(id, 5),
            (lines) => lines.length > 0,
          )
        ).length,
      ).toBeGreaterThan(0);
      expect(await driver.stats(id)).toEqual({
        memoryBytes: expect.any(Number),
        cpuNanoseconds: expect.any(Number),
        pids: expect.any(Number),
        networkReceivedBytes: expect.any(Number),
        networkSentBytes: expect.any(Number),
      });
      await driver.remove(id);
    });

    it('tells when one ends by itself, with its exit code', async () => {
      const { spec, id } = await started();
      const ending = new AbortController();
      const events: EngineEvent[] = [];
      const watching = driver.watch((event) => events.push(event), ending.signal);
      // The stream has to stand before something happens.
      await new Promise((resolve) => setTimeout(resolve, 300));
      await subject.endByItself(id, spec.runtimeId);
      await until(
        async () => events,
        (all) => all.some((event) => event.kind === 'container-ended' && event.runtimeId === spec.runtimeId),
      );
      const ended = await driver.inspect(spec.runtimeId);
      expect(ended?.phase).toBe('exited');
      expect(ended?.exitCode).toBeGreaterThan(0);
      ending.abort();
      await watching;
      await driver.remove(id);
    });

    it('holds still and goes on, where it can', async () => {
      if (!canFreeze(driver)) return;
      const { spec, id } = await started();
      await driver.freeze(id);
      expect((await driver.inspect(spec.runtimeId))?.phase).toBe('paused');
      await driver.thaw(id);
      expect((await driver.inspect(spec.runtimeId))?.phase).toBe('running');
      await driver.freeze(id);
      await driver.stop(id, 10);
      expect((await driver.inspect(spec.runtimeId))?.phase).toBe('exited');
      await driver.remove(id);
    });
  });
}

async function until<T>(look: () => Promise<T>, test: (value: T) => boolean): Promise<T> {
  for (const end = Date.now() + waitMs; ; ) {
    const value = await look();
    if (test(value)) return value;
    if (Date.now() > end) throw new Error(`did not come about: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
