import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fixDriver } from '@berth/database/driver-fix';
import { MongoClient } from 'mongodb';

jest.setTimeout(120_000);

const BUILD_TIMEOUT_MS = 15 * 60_000;
const folder = mkdtempSync(join(tmpdir(), 'berth-mongodb-test-'));
const ref = { name: `berth-mongodb-test-${process.pid}`, installationId: `mongodb-test-${process.pid}` };
const dataDir = join(folder, 'data');
const passwordFile = join(folder, 'password');

let container: typeof import('./container.mjs');
let docker: (args: string[]) => Promise<string>;
let spec: Parameters<typeof import('./container.mjs').startMongodb>[0];
let client: MongoClient;

beforeAll(async () => {
  fixDriver();
  container = await import('./container.mjs');
  ({ docker } = await import('../images/docker-image.mjs'));
  const { buildMongodbImage } = await import(join(__dirname, 'build.mjs'));
  const image = await buildMongodbImage({ cacheDir: process.env.BERTH_CACHE_DIR ?? join(homedir(), '.cache', 'berth') });
  spec = { ...ref, image, dataDir, passwordFile, port: await freePort() };
  writePassword('first password');
  await container.startMongodb(spec);
  await ready();
  client = connect('first password');
}, BUILD_TIMEOUT_MS);

afterAll(async () => {
  await client?.close();
  await container?.removeMongodb(ref);
  rmSync(folder, { recursive: true, force: true });
});

describe('who may enter', () => {
  it('lets the user berth in with the password of the file', async () => {
    await expect(client.db('test').command({ ping: 1 })).resolves.toMatchObject({ ok: 1 });
  });

  it.each([
    ['a wrong password', 'berth', 'first passwor'],
    ['another user', 'stranger', 'first password'],
    ['the superuser of the database below', 'postgres', 'first password'],
    ['an empty password', 'postgres', ''],
  ])('refuses %s', async (_case, user, password) => {
    const stranger = connect(password, user);
    await expect(stranger.db('test').command({ ping: 1 })).rejects.toThrow(/auth/i);
    await stranger.close();
  });

  it('refuses who brings no password', async () => {
    const stranger = new MongoClient(`mongodb://127.0.0.1:${spec.port}/`);
    await expect(stranger.db('test').collection('a').find().toArray()).rejects.toThrow(/auth/i);
    await stranger.close();
  });

  it('listens on the loopback address alone', async () => {
    const ports = JSON.parse(await docker(['inspect', '--format', '{{json .NetworkSettings.Ports}}', ref.name]));
    expect(ports).toEqual({ '27017/tcp': [{ HostIp: '127.0.0.1', HostPort: String(spec.port) }] });
  });

  it('has the password in no argument or variable of its processes', async () => {
    const shown = await docker(['exec', ref.name, 'bash', '-c', 'cat /proc/[0-9]*/cmdline /proc/1/environ | tr "\\0" " "']);
    expect(shown).toContain('ferretdb');
    expect(shown).not.toContain('first password');
  });
});

describe('atomic updates', () => {
  it('counts each of 200 concurrent increments', async () => {
    const counters = client.db('test').collection<{ _id: string; count: number }>('counters');
    await counters.insertOne({ _id: 'a', count: 0 });
    await Promise.all(Array.from({ length: 200 }, () => counters.findOneAndUpdate({ _id: 'a' }, { $inc: { count: 1 } })));
    expect(await counters.findOne({ _id: 'a' })).toEqual({ _id: 'a', count: 200 });
  });

  it('gives a lease to one of 50 that ask for it at once', async () => {
    const leases = client.db('test').collection<{ _id: string; owner: number | null }>('leases');
    await leases.insertOne({ _id: 'a', owner: null });
    const claims = Array.from({ length: 50 }, (_, owner) =>
      leases.findOneAndUpdate({ _id: 'a', owner: null }, { $set: { owner } }),
    );
    const won = (await Promise.all(claims)).filter((before) => before !== null);
    expect(won).toHaveLength(1);
  });
});

describe('indexes', () => {
  it('keeps a unique index', async () => {
    const users = client.db('test').collection('users');
    await users.createIndex({ email: 1 }, { unique: true });
    await users.insertOne({ email: 'a@example.com' });
    await expect(users.insertOne({ email: 'a@example.com' })).rejects.toMatchObject({ code: 11000 });
  });

  it('keeps a partial unique index to the documents it is for', async () => {
    const slugs = client.db('test').collection('slugs');
    await slugs.createIndex({ slug: 1 }, { unique: true, partialFilterExpression: { live: true } });
    await slugs.insertMany([
      { slug: 'a', live: true },
      { slug: 'a', live: false },
      { slug: 'a', live: false },
    ]);
    await expect(slugs.insertOne({ slug: 'a', live: true })).rejects.toMatchObject({ code: 11000 });
  });

  it('removes what a TTL index says, by the job that runs each minute', async () => {
    const tokens = client.db('test').collection('tokens');
    await tokens.createIndex({ expiresAt: 1 }, { expireAfterSeconds: 0 });
    await tokens.insertMany([
      { name: 'past', expiresAt: new Date(Date.now() - 1000) },
      { name: 'future', expiresAt: new Date(Date.now() + 3_600_000) },
    ]);
    const [job] = (
      await psql("SELECT schedule || ' ' || command FROM cron.job WHERE command LIKE '%delete_expired_rows%' AND active")
    ).split('\n');
    expect(job).toMatch(/^\* \* \* \* \* CALL /);
    await psql(job!.replace(/^[* ]+/, ''));
    expect((await tokens.find().toArray()).map(({ name }) => name)).toEqual(['future']);
  });
});

describe('when processes die', () => {
  it('loses no acknowledged write when the container is killed, and comes back by itself', async () => {
    const written = client.db('test').collection<{ _id: string }>('written');
    const acknowledged: string[] = [];
    for (let round = 0; round < 2; round++) {
      let writing = true;
      const writers = Array.from({ length: 8 }, async (_, writer) => {
        for (let i = 0; writing; i++) {
          const _id = `${round}-${writer}-${i}`;
          await written.insertOne({ _id }).then(
            () => acknowledged.push(_id),
            () => sleep(20),
          );
        }
      });
      await sleep(1_000);
      process.kill(Number(await docker(['inspect', '--format', '{{.State.Pid}}', ref.name])), 'SIGKILL');
      await sleep(200);
      writing = false;
      await ready();
      await Promise.all(writers);
    }
    const present = new Set((await written.find({}, { projection: { _id: 1 } }).toArray()).map(({ _id }) => _id));
    expect(acknowledged.length).toBeGreaterThan(100);
    expect(acknowledged.filter((id) => !present.has(id))).toEqual([]);
  });

  it.each(['ferretdb', 'postgres'])('starts anew when %s dies', async (program) => {
    const before = (await container.inspectMongodb(ref))!.startedAt;
    await docker(['exec', ref.name, 'bash', '-c', `kill -KILL $(ps -o pid= -C ${program} | head -1)`]);
    while ((await container.inspectMongodb(ref))!.startedAt === before) await sleep(50);
    await ready();
    await expect(client.db('test').collection('counters').countDocuments()).resolves.toBe(1);
  });
});

describe('stop and start', () => {
  it('ends with code 0 and PostgreSQL shut down in order', async () => {
    await container.stopMongodb(ref);
    expect(await container.inspectMongodb(ref)).toMatchObject({ state: 'exited', exitCode: 0, oomKilled: false });
    expect(await container.mongodbLogs({ ...ref, lines: 5 })).toContain('database system is shut down');
  });

  it('refuses the data of another major version of PostgreSQL, and says so', async () => {
    const file = join(dataDir, 'pg', 'PG_VERSION');
    const version = readFileSync(file, 'utf8');
    writeFileSync(file, '17\n');
    await container.startMongodb(spec);
    await expect(ready()).rejects.toMatchObject({
      output: expect.arrayContaining([expect.stringContaining('the data is of PostgreSQL 17')]),
    });
    await container.stopMongodb(ref);
    writeFileSync(file, version);
  });

  it('applies a changed password and keeps the data', async () => {
    const changed = `it's "new" \\ \`$HOME\` é`;
    writePassword(changed);
    await container.startMongodb(spec);
    await ready();
    const old = connect('first password');
    await expect(old.db('test').command({ ping: 1 })).rejects.toThrow(/auth/i);
    await old.close();
    await client.close();
    client = connect(changed);
    expect(await client.db('test').collection('counters').countDocuments()).toBe(1);
  });

  it('does not touch a running container that is as specified, and remakes one that is not', async () => {
    const id = () => docker(['inspect', '--format', '{{.Id}}', ref.name]);
    const before = await id();
    expect(await container.startMongodb(spec)).toBe('running');
    expect(await id()).toBe(before);
    expect(await container.startMongodb({ ...spec, memoryMb: 600 })).toBe('started');
    expect(await id()).not.toBe(before);
    await ready();
    expect(await client.db('test').collection('counters').countDocuments()).toBe(1);
  });

  it('leaves the container of another installation alone', async () => {
    const other = { ...ref, installationId: 'another' };
    await expect(container.removeMongodb(other)).rejects.toMatchObject({ code: 'MONGODB_UNAVAILABLE' });
    await expect(container.startMongodb({ ...spec, ...other })).rejects.toThrow(/another installation/);
    expect((await container.inspectMongodb(ref))?.state).toBe('running');
  });

  it('lets no second container write to the same folder', async () => {
    const second = { name: `${ref.name}-second`, installationId: ref.installationId };
    const port = await freePort();
    await container.startMongodb({ ...spec, ...second, port });
    await expect(container.waitUntilMongodbReady({ ...second, port })).rejects.toMatchObject({
      output: expect.arrayContaining([expect.stringContaining('another container is using this data folder')]),
    });
    await container.removeMongodb(second);
  });
});

function connect(password: string, user = 'berth') {
  const credentials = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  return new MongoClient(`mongodb://${credentials}@127.0.0.1:${spec.port}/?serverSelectionTimeoutMS=2000`);
}

function ready() {
  return container.waitUntilMongodbReady({ ...ref, port: spec.port });
}

/** Readable by the container's user: the data folder's owner, or its own user where that is root. */
function writePassword(password: string) {
  writeFileSync(passwordFile, `${password}\n`);
  chmodSync(passwordFile, 0o600);
  if (statSync(folder).uid === 0) chownSync(passwordFile, 27017, 27017);
}

function psql(statement: string) {
  return docker(['exec', ref.name, 'psql', '-h', '/run/postgresql', '-U', 'postgres', '-d', 'postgres', '-qAtc', statement]);
}

function freePort() {
  return new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
