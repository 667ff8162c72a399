import { createHash } from 'node:crypto';
import { catalogue, type ErrorCode } from '@berth/errors/catalogue';
import { errorFormat, preflightHeaders } from './error-replies';
import { fileNames } from './gateway-files';
import { errorHeaders, type Refusal, refusals } from './refusals';

/** Seconds unless said otherwise. */
export interface GatewayTimeouts {
  /** From the first byte of a request to the end of its headers, and between two requests of a connection's TLS or TCP start. */
  request: number;
  /** A client that is silent while it has to send or to take data. */
  client: number;
  /** A runtime that is silent while it has to answer. */
  server: number;
  /** A connection without a request under way. */
  keepAlive: number;
  /** A WebSocket in which nothing moves. */
  tunnel: number;
  connect: number;
  /** A runtime that refuses connections (it restarts) is tried again each second, so often. */
  retries: number;
}

export const defaultTimeouts: GatewayTimeouts = {
  request: 10,
  client: 60,
  server: 300,
  keepAlive: 60,
  tunnel: 3600,
  connect: 3,
  retries: 4,
};

export interface GatewayConfigOptions {
  /** Folder of the configuration, absolute: the admin socket lies in it. */
  directory: string;
  port: number;
  /** Whether this machine has IPv6. */
  ipv6: boolean;
  /** What people type; another proxy may end TLS in front of the gateway. */
  publicScheme: 'http' | 'https';
  activatorPort: number;
  threads: number;
  timeouts?: Partial<GatewayTimeouts>;
}

/** Names that the service reads back: statistics and counters are found under them. */
export const proxyNames = { frontend: 'edge', runtimes: 'runtimes', unsized: 'runtimes_unsized', activator: 'activator' };
export const usageTable = 'usage';

export const defaultMaxBodyBytes = 20 * 1024 * 1024;
/** Value of the policy map for an environment without a policy of its own. */
export const defaultPolicy = `open/0/${defaultMaxBodyBytes}`;

/** Seconds over which the rate is measured, so a burst of that many seconds' worth passes. */
export const rateWindowSeconds = 10;

/**
 * HAProxy's whole configuration, for 2.6 and later. How a request goes through it is told in `docs/gateway.md`.
 * Settings that it holds need HAProxy to load it again; what changes while it runs is in the map files.
 */
export function buildConfig(options: GatewayConfigOptions): string {
  const sections = configSections(options);
  return [
    '# Written by the gateway from the settings; changes are lost at the next start. See docs/gateway.md.',
    globalSection(options, markOf(sections)),
    ...sections,
  ].join('\n\n');
}

/** Mark of the configuration for these options. HAProxy repeats it in `show info`, so that one which runs with older settings is found out. */
export function configMark(options: GatewayConfigOptions): string {
  return markOf(configSections(options));
}

function configSections(options: GatewayConfigOptions): string[] {
  const timeouts = { ...defaultTimeouts, ...options.timeouts };
  return [
    defaultsSection(timeouts),
    frontendSection(options),
    runtimesSection(proxyNames.runtimes, []),
    runtimesSection(proxyNames.unsized, ['filter lua.limit-body']),
    activatorSection(options.activatorPort),
    refusedSection(),
    usageSection(),
  ];
}

function markOf(sections: string[]): string {
  return `berth-${createHash('sha256').update(sections.join('\n')).digest('hex').slice(0, 12)}`;
}

function globalSection({ directory, threads }: GatewayConfigOptions, mark: string): string {
  return section('global', [
    `description ${mark}`,
    'default-path config',
    `stats socket ${quote(`unix@${directory}/${fileNames.socket}`)} mode 600 level admin expose-fd listeners`,
    'stats timeout 60s',
    'log stdout len 4096 format raw local0 info',
    `lua-load ${fileNames.lua}`,
    `nbthread ${threads}`,
    '# connections follow from the files this process may open; this caps what a full house costs in memory',
    'fd-hard-limit 40000',
    'hard-stop-after 60s',
  ]);
}

function defaultsSection(timeouts: GatewayTimeouts): string {
  return section('defaults', [
    'mode http',
    'log global',
    `log-format ${quote(accessLog)}`,
    'option dontlognull',
    '# a browser that connects ahead of need gets no error for it',
    'option http-ignore-probes',
    'option http-keep-alive',
    'option abortonclose',
    'option clitcpka',
    'option srvtcpka',
    `timeout http-request ${timeouts.request}s`,
    `timeout http-keep-alive ${timeouts.keepAlive}s`,
    `timeout client ${timeouts.client}s`,
    'timeout client-fin 10s',
    `timeout connect ${timeouts.connect}s`,
    `timeout server ${timeouts.server}s`,
    'timeout server-fin 10s',
    'timeout queue 10s',
    `timeout tunnel ${timeouts.tunnel}s`,
    `retries ${timeouts.retries}`,
    'retry-on conn-failure',
    'option redispatch',
    'http-reuse safe',

    httpError('REQUEST_MALFORMED'),
    httpError('REQUEST_LATE'),
    httpError('INTERNAL'),
    httpError('APP_ANSWER_INVALID'),
    httpError('APP_UNREACHABLE', 2),
    httpError('APP_ANSWER_LATE', undefined, { seconds: timeouts.server }),
  ]);
}

function frontendSection({ port, ipv6, publicScheme }: GatewayConfigOptions): string {
  const map = (name: Parameters<typeof fileNames.map>[0]) => `map(${fileNames.map(name)})`;
  const mapOr = (name: Parameters<typeof fileNames.map>[0], other: string) => `map(${fileNames.map(name)},${other})`;
  return section(`frontend ${proxyNames.frontend}`, [
    `bind :${port}`,
    ...(ipv6 ? [`bind [::]:${port} v6only`] : []),
    'option disable-h2-upgrade',

    '# request id: a well-formed one of the client is kept, so that its own logs can be found again',
    'http-request set-var(txn.request_id) req.hdr(x-request-id) if { req.hdr(x-request-id) -m reg ^[A-Za-z0-9._-]{8,64}$ }',
    'http-request set-var(txn.request_id) uuid() unless { var(txn.request_id) -m found }',
    'http-after-response set-header X-Request-Id %[var(txn.request_id)]',

    '# for the log, which cuts long ones',
    'http-request set-var(txn.path) path,bytes(0,512)',

    '# environment: by /@<slug>[--<environment>]/… on any host, else by the host name',
    'acl by_path path_beg /@ /%40',
    'http-request set-var(txn.slug) path,field(2,/),url_dec,ltrim(@),lower if by_path',
    `http-request set-var(txn.environment) var(txn.slug),${map('slugs')} if by_path`,
    `http-request set-var(txn.environment) req.hdr(host),host_only,lower,rtrim(.),${map('hosts')} if !by_path`,
    'acl on_path var(txn.slug) -m found',

    '# admission, size and rate by the policy <admission>/<requests in the window>/<largest body>',
    `http-request set-var(txn.policy) var(txn.environment),${mapOr('policies', defaultPolicy)}`,
    'http-request set-var(txn.max_body) var(txn.policy),field(3,/),add(0)',
    'http-request set-var(txn.max_rate) var(txn.policy),field(2,/),add(0)',
    'acl known var(txn.environment) -m found',
    'acl open var(txn.policy) -m beg open/',
    'http-request set-var(txn.refused) str(unknown) unless known',
    'http-request set-var(txn.refused) var(txn.policy),field(1,/) if known !open',
    'acl refused var(txn.refused) -m found',
    `http-request track-sc0 var(txn.environment) table ${usageTable} unless refused`,
    'http-request set-var(txn.refused) str(rate) if !refused { var(txn.max_rate) -m int gt 0 } { sc0_gpc0_rate,sub(txn.max_rate) ge 0 }',
    'http-request set-var(txn.refused) str(size) if !refused { req.body_size,sub(txn.max_body) gt 0 }',
    '# only what passes counts against the rate: too fast a client is slowed down, not shut out',
    'http-request sc-inc-gpc0(0) unless refused',

    '# nothing that a client claims about itself or about us gets through',
    'http-request del-header X-Berth- -m beg',
    'http-request del-header X-Forwarded- -m beg',
    'http-request del-header Forwarded',
    'http-request del-header X-Real-IP',
    'http-request set-header X-Berth-Environment %[var(txn.environment)]',
    'http-request set-header X-Request-Id %[var(txn.request_id)]',
    'http-request set-header X-Forwarded-For %[src]',
    `http-request set-header X-Forwarded-Proto ${publicScheme}`,
    '# a tunnel for anything but WebSockets would bypass all of this',
    'http-request del-header Upgrade if { req.hdr(upgrade) -m found } !{ req.hdr(upgrade) -i websocket }',

    '# apps on paths share one origin, and with other ports of this host its cookies: keep them apart',
    'http-request set-header X-Forwarded-Prefix /%[path,field(2,/)] if on_path',
    'http-request set-path %[path,regsub(^/[^/]*/?,/)] if on_path',
    'http-request del-header Cookie if on_path',
    'http-response del-header Set-Cookie if on_path',
    'http-response set-header Content-Security-Policy sandbox if on_path',

    `http-request set-var(txn.target) var(txn.environment),${map('addresses')}`,
    'use_backend refused if refused',
    `use_backend ${proxyNames.activator} unless { var(txn.target) -m found }`,
    `use_backend ${proxyNames.unsized} if { req.hdr(transfer-encoding) -m found }`,
    `default_backend ${proxyNames.runtimes}`,
  ]);
}

function runtimesSection(name: string, more: string[]): string {
  return section(`backend ${name}`, [
    ...more,
    'http-request set-dst var(txn.target),field(1,/)',
    'http-request set-dst-port var(txn.target),field(2,/)',
    '# idle connections go before the runtime closes them on its side',
    'server runtime 0.0.0.0:0 pool-purge-delay 5s',
  ]);
}

function activatorSection(port: number): string {
  return section(`backend ${proxyNames.activator}`, [httpError('APP_STARTING', 2), `server activator 127.0.0.1:${port}`]);
}

/** Answers what the frontend refused. A body is read to its end first, unless the client waits with it until it is asked for. */
function refusedSection(): string {
  const conditionOf = ({ reason }: Refusal) => ` if { var(txn.refused) -m str ${reason} }`;
  return section('backend refused', [
    `http-request return status 204 ${headerArguments(preflightHeaders)} if METH_OPTIONS { req.hdr(access-control-request-method) -m found }`,
    'http-request use-service lua.refuse if { req.body_size gt 0 } !{ req.hdr(expect) -m found }',
    'http-request use-service lua.refuse if { req.hdr(transfer-encoding) -m found } !{ req.hdr(expect) -m found }',
    ...refusals.map(
      (each, index) =>
        `http-request return status ${each.status} ${reply(each.code, each.headers, each.details)}${index < refusals.length - 1 ? conditionOf(each) : ''}`,
    ),
  ]);
}

function usageSection(): string {
  return section(`backend ${usageTable}`, [
    '# gpc0 counts the requests that passed; the totals must be read before an entry has been idle for 24 days, the longest that can be',
    `stick-table type string len 32 size 200k expire 24d store gpc0,gpc0_rate(${rateWindowSeconds}s),http_req_cnt,bytes_in_cnt,bytes_out_cnt,conn_cur`,
  ]);
}

function httpError(code: ErrorCode, retryAfter?: number, details = {}): string {
  return `http-error status ${catalogue[code].status} ${reply(code, errorHeaders(retryAfter), details)}`;
}

function reply(code: ErrorCode, headers: Readonly<Record<string, string>>, details: Record<string, number>): string {
  return `content-type application/json lf-string ${quote(errorFormat(code, details))} ${headerArguments(headers)}`;
}

function headerArguments(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `hdr ${name} ${quote(value)}`)
    .join(' ');
}

/** One JSON object a request. The query is left out: people put keys and session tokens there. */
const accessLog = [
  '{"time":%Ts%ms',
  '"level":"info"',
  '"process":"haproxy"',
  '"msg":"%HM %ST"',
  '"environmentId":"%[var(txn.environment)]"',
  '"requestId":"%[var(txn.request_id)]"',
  '"client":"%ci"',
  '"path":"%[var(txn.path),json(utf8s)]"',
  '"bytesIn":%U',
  '"bytesOut":%B',
  '"connectMs":%Tc',
  '"responseMs":%Tr',
  '"totalMs":%Ta',
  '"end":"%ts"}',
].join(',');

function section(head: string, lines: string[]): string {
  return [head, ...lines.map((line) => `  ${line}`)].join('\n');
}

/** Between single quotes HAProxy's parser takes everything as it is. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
