import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { ActivatorOutcome } from '../activator/activator';
import type { WaitingRoom } from '../activator/waiting-room';
import { proxyNames } from '../haproxy/build-config';
import { mapNames } from '../haproxy/gateway-files';
import { type HaproxyInfo, parseInfo, parseStat } from '../haproxy/haproxy-info';
import type { MapSynchronizer } from '../haproxy/map-synchronizer';
import type { RouteTable } from '../routes/route-table';

const statusClasses = ['1xx', '2xx', '3xx', '4xx', '5xx', 'other'] as const;

/** What `/metrics` tells besides the process's own figures. HAProxy is asked when somebody looks, two commands a page. */
export class GatewayMetrics {
  private readonly applySeconds: Histogram;
  private readonly activatorRequests: Counter<'outcome'>;

  constructor(registry: Registry, table: RouteTable, synchronizer: MapSynchronizer, room: WaitingRoom) {
    const registers = [registry];
    this.applySeconds = new Histogram({
      name: 'berth_gateway_apply_seconds',
      help: 'Time from a change of the routes to HAProxy having it.',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5],
      registers,
    });
    this.activatorRequests = new Counter({
      name: 'berth_gateway_activator_requests_total',
      help: 'Requests for environments without an address, by how they ended.',
      labelNames: ['outcome'],
      registers,
    });
    new Gauge({
      name: 'berth_gateway_activator_waiting',
      help: 'Requests that wait for an environment to start.',
      registers,
      collect() {
        this.set(room.size);
      },
    });
    new Gauge({
      name: 'berth_gateway_routes',
      help: 'Lines of each map.',
      labelNames: ['map'],
      registers,
      collect() {
        for (const map of mapNames) this.set({ map }, table.maps[map].size);
      },
    });
    haproxyMetrics(registers, synchronizer);
  }

  applied(seconds: number): void {
    this.applySeconds.observe(seconds);
  }

  activated(outcome: ActivatorOutcome): void {
    this.activatorRequests.inc({ outcome });
  }
}

function haproxyMetrics(registers: Registry[], synchronizer: MapSynchronizer): void {
  const look = lookOnce(synchronizer);
  const gauge = (name: string, help: string, value: (figures: HaproxyFigures | undefined) => number | undefined) =>
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        this.reset();
        const now = value(await look());
        if (now !== undefined) this.set(now);
      },
    });
  const counter = (name: string, help: string, label: string, values: (figures: HaproxyFigures) => Record<string, number>) =>
    new Counter({
      name,
      help,
      labelNames: [label],
      registers,
      async collect() {
        const figures = await look();
        this.reset();
        for (const [key, value] of Object.entries(figures ? values(figures) : {})) this.inc({ [label]: key }, value);
      },
    });
  gauge('berth_gateway_haproxy_up', '1 when HAProxy answers and has all routes.', (figures) => (figures ? 1 : 0));
  gauge('berth_gateway_connections', 'Open connections of HAProxy.', (figures) => figures?.info.connections);
  gauge('berth_gateway_connections_max', 'Most connections that HAProxy takes.', (figures) => figures?.info.maxConnections);
  gauge('berth_gateway_haproxy_pool_bytes', 'Memory in HAProxy’s pools.', (figures) => figures?.info.memoryBytes);
  gauge(
    'berth_gateway_haproxy_dropped_logs',
    'Lines of the access log lost since HAProxy started.',
    (figures) => figures?.info.droppedLogs,
  );
  counter('berth_gateway_requests_total', 'Requests since HAProxy started, by class of the status.', 'class', ({ edge }) =>
    Object.fromEntries(statusClasses.map((name) => [name, Number(edge[`hrsp_${name}`] ?? 0)])),
  );
  counter('berth_gateway_bytes_total', 'Bytes from and to clients since HAProxy started.', 'direction', ({ edge }) => ({
    in: Number(edge.bin ?? 0),
    out: Number(edge.bout ?? 0),
  }));
}

interface HaproxyFigures {
  info: HaproxyInfo;
  /** The frontend's row of `show stat`. */
  edge: Record<string, string>;
}

const sameLookMs = 200;

/** The metrics of one page are collected side by side: they share one look at HAProxy. */
function lookOnce(synchronizer: MapSynchronizer): () => Promise<HaproxyFigures | undefined> {
  let last: { at: number; figures: Promise<HaproxyFigures | undefined> } | undefined;
  return () => {
    if (!last || performance.now() - last.at > sameLookMs) {
      const asked = Promise.all([synchronizer.ask('show info'), synchronizer.ask(`show stat ${proxyNames.frontend} 1 -1`)]);
      const figures = asked.then(
        ([info, stat]) => ({ info: parseInfo(info), edge: parseStat(stat)[0] ?? {} }),
        () => undefined,
      );
      last = { at: performance.now(), figures };
    }
    return last.figures;
  };
}
