let mongodbContainer: typeof import('./container.mjs').mongodbContainer;

beforeAll(async () => {
  ({ mongodbContainer } = await import('./container.mjs'));
});

const spec = {
  name: 'berth-abc-mongodb',
  installationId: 'abc',
  image: 'berth/mongodb:0123456789ab',
  dataDir: '/srv/berth/mongodb',
  passwordFile: '/srv/berth/secrets/mongodb-password',
  port: 27001,
  user: '990:991',
};

it('gives the options of docker run', () => {
  expect(mongodbContainer(spec)).toMatchInlineSnapshot(`
[
  "--name=berth-abc-mongodb",
  "--label=berth.installation=abc",
  "--user=990:991",
  "--network=bridge",
  "--publish=127.0.0.1:27001:27017",
  "--mount=type=bind,source=/srv/berth/mongodb,target=/data",
  "--mount=type=bind,source=/srv/berth/secrets/mongodb-password,target=/run/secrets/mongodb-password,readonly",
  "--read-only",
  "--tmpfs=/tmp:rw,noexec,nosuid,nodev,size=64m",
  "--tmpfs=/run/postgresql:rw,noexec,nosuid,nodev,size=1m,uid=990,gid=991,mode=0700",
  "--cap-drop=ALL",
  "--security-opt=no-new-privileges",
  "--pids-limit=256",
  "--memory=512m",
  "--memory-swap=512m",
  "--shm-size=64m",
  "--ulimit=core=0",
  "--log-driver=json-file",
  "--log-opt=max-size=5m",
  "--log-opt=max-file=2",
  "--restart=unless-stopped",
  "--stop-timeout=30",
  "berth/mongodb:0123456789ab",
]
`);
});

it('takes network and memory from the spec', () => {
  expect(mongodbContainer({ ...spec, network: 'berth', memoryMb: 300 })).toEqual(
    expect.arrayContaining(['--network=berth', '--memory=300m', '--memory-swap=300m']),
  );
});

it('mounts paths with commas and quotes', () => {
  expect(mongodbContainer({ ...spec, dataDir: '/srv/a,b "c"' })).toContain(
    '--mount=type=bind,"source=/srv/a,b ""c""",target=/data',
  );
});
