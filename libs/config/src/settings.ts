import { isIP } from 'node:net';
import { z } from 'zod';

const port = z.coerce.number().int().min(1).max(65_535);
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const hostName = z
  .string()
  .regex(/^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/, 'a host name in lower case');

/** An address without a database means `berth`; the account in it still belongs to `admin`, as the driver would take it to. */
function withDatabase(url: string): string {
  const [, server, options = ''] = /^([^/]+\/\/[^/?]+)\/?(\?.*)?$/.exec(url) ?? [];
  if (server === undefined) return url;
  if (!server.includes('@') || /[?&]authSource=/i.test(options)) return `${server}/berth${options}`;
  return `${server}/berth${options === '' ? '?' : `${options}&`}authSource=admin`;
}

function isProxy(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [address = '', bits] = text.split('/');
  const kind = isIP(address);
  return kind !== 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (kind === 4 ? 32 : 128)));
}

/**
 * Every setting of Berth, read from the environment and nowhere else. The descriptions become `docs/settings.md`.
 * A process takes only the section it needs.
 */
export const platformSettings = z.object({
  BERTH_HOME: z
    .string()
    .startsWith('/', 'an absolute path')
    .default('/var/lib/berth')
    .describe('Folder of all data, secrets and sockets.'),
  BERTH_INSTALLATION_ID: z
    .string()
    .regex(/^[a-z0-9]{6,16}$/, '6 to 16 lower-case letters and digits')
    .default('berth1')
    .describe(
      'Label of every container, network and volume of this installation. The setup makes one and keeps it in BERTH_HOME.',
    ),
  BERTH_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('Least severe log line that is written.'),
  MONGODB_URL: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//, 'an address that begins with mongodb:// or mongodb+srv://')
    .default('mongodb://127.0.0.1:4017/berth')
    .transform(withDatabase)
    .describe("The control plane's own data. Any MongoDB 7 or later; without it the setup runs the embedded one."),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, 'an address that begins with redis:// or rediss://')
    .default('redis://127.0.0.1:4379')
    .describe('Queues and live hints. Any Redis 7 or later; without it the setup runs a local one.'),
  BERTH_MONGODB_PORT: port.default(4017).describe('Port on loopback of the embedded MongoDB; not used when MONGODB_URL is set.'),
  BERTH_REDIS_PORT: port.default(4379).describe('Port on loopback of the local Redis; not used when REDIS_URL is set.'),
  BERTH_METRICS_HOST: z
    .string()
    .default('127.0.0.1')
    .describe('Address that metrics and health of worker, node agent and gateway listen on.'),
});

export const networkSettings = z.object({
  BERTH_BASE_DOMAIN: hostName.default('localhost').describe('Apps live at <slug>.<base domain>.'),
  BERTH_GATEWAY_PORT: port.default(4080).describe('Port of the gateway, on IPv4 and IPv6: all traffic of all apps.'),
  BERTH_PUBLIC_SCHEME: z.enum(['http', 'https']).default('http').describe('Scheme of the addresses that are shown for apps.'),
  BERTH_PUBLIC_PORT: port
    .optional()
    .describe('Port in the addresses shown for apps, where another proxy stands in front; the gateway port by default.'),
  BERTH_API_HOST: z.string().default('127.0.0.1').describe('Address the API and console listen on.'),
  BERTH_API_PORT: port.default(4000).describe('Port of the API and the console.'),
  BERTH_CONSOLE_ORIGIN: z
    .url()
    .optional()
    .describe('Origin people type to reach the console; http://localhost:<API port> by default.'),
  BERTH_TRUSTED_PROXIES: z
    .string()
    .default('loopback')
    .transform((value) => value.split(',').map((each) => each.trim()))
    .refine(
      (list) => list.every(isProxy),
      'loopback, linklocal, uniquelocal, addresses or ranges such as 10.0.0.0/8, with commas between',
    )
    .describe(
      'Proxies in front of the API whose X-Forwarded-For is believed: loopback, linklocal, uniquelocal, addresses or ranges.',
    ),
  BERTH_WORKER_PORT: port.default(4001).describe('Port of health and metrics of the worker.'),
  BERTH_AGENT_PORT: port.default(4002).describe('Port of health and metrics of the node agent.'),
  BERTH_GATEWAY_SERVICE_PORT: port.default(4003).describe('Port of health and metrics of the gateway service.'),
  BERTH_ACTIVATOR_PORT: port.default(4004).describe('Port on loopback where HAProxy sends requests for environments that sleep.'),
});

export const accountSettings = z.object({
  BERTH_SIGN_UP: z
    .enum(['open', 'invitation', 'closed'])
    .default('open')
    .describe('Who may make an account after the first one.'),
  BERTH_MAX_APPS_PER_ACCOUNT: z.coerce
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(50)
    .describe('Most apps in the organizations that one account owns, the trash included.'),
  BERTH_SESSION_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(365)
    .default(30)
    .describe('Days a console session lives without being used.'),
  BERTH_TRASH_DAYS: z.coerce.number().int().min(0).max(365).default(30).describe('Days a deleted app can be restored.'),
});

export const nodeSettings = z.object({
  BERTH_NODE_NAME: hostName.optional().describe('Name of this machine; its host name by default.'),
  BERTH_RUNTIME_IMAGE: z.string().optional().describe('Image of new runtimes. The setup builds it and sets this.'),
  BERTH_RUNTIME_SUBNET: z
    .string()
    .regex(/^\d+\.\d+\.\d+\.\d+\/\d+$/, 'an IPv4 range such as 10.213.0.0/20')
    .default('10.213.0.0/20')
    .describe("Address range of the runtimes' bridge."),
  BERTH_CREATE_CONCURRENCY: z.coerce
    .number()
    .int()
    .min(1)
    .max(64)
    .default(2)
    .describe('Runtimes that are made or started at the same time on this machine.'),
  BERTH_DOCKER_SOCKET: z.string().startsWith('/').default('/var/run/docker.sock').describe('Socket of the Docker Engine.'),
});

/** For tests and drills alone: faster clocks. */
export const drillSettings = z.object({
  BERTH_REDUCE_PASSWORD_COST: flag.default(false).describe('Cheaper argon2id. Never in production: tests set it.'),
});

export const allSettings = z.object({
  ...platformSettings.shape,
  ...networkSettings.shape,
  ...accountSettings.shape,
  ...nodeSettings.shape,
  ...drillSettings.shape,
});

export type Settings = z.output<typeof allSettings>;
