import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What the node agent counts, for `/metrics`. */
export class AgentMetrics {
  readonly actionSeconds: Histogram<'action'>;
  readonly failures: Counter<'action' | 'code'>;
  readonly runtimes: Gauge<'state'>;
  readonly queue: Gauge<'kind'>;
  readonly orphans: Gauge<'kind'>;
  readonly inventories: Counter<'outcome'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.actionSeconds = new Histogram({
      name: 'berth_agent_action_seconds',
      help: 'How long the actions of the reconciler took.',
      labelNames: ['action'],
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    });
    this.failures = new Counter({
      name: 'berth_agent_failures_total',
      help: 'Actions that failed, by the code of their reason.',
      labelNames: ['action', 'code'],
      registers,
    });
    this.runtimes = new Gauge({
      name: 'berth_agent_runtimes',
      help: 'Runtimes of this node by observed state, as of the last inventory.',
      labelNames: ['state'],
      registers,
    });
    this.queue = new Gauge({
      name: 'berth_agent_queue',
      help: 'Runtimes being looked at or waiting for it, and those waiting for a place to start.',
      labelNames: ['kind'],
      registers,
    });
    this.orphans = new Gauge({
      name: 'berth_agent_orphans',
      help: 'Containers and volumes without a record, as of the last inventory.',
      labelNames: ['kind'],
      registers,
    });
    this.inventories = new Counter({
      name: 'berth_agent_inventories_total',
      help: 'Full inventories of the node.',
      labelNames: ['outcome'],
      registers,
    });
  }
}
