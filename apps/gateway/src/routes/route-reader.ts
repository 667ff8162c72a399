import type { SharedCollections } from '@berth/database/collections';
import type { RouteDocuments } from './route-entries';

/** Reads routes from the database. */
export class RouteReader {
  constructor(private readonly collections: SharedCollections) {}

  /** The newest revision that anybody took; its documents may still be on their way. */
  async newestRevision(): Promise<number> {
    const counters = this.collections.db.collection<{ _id: string; value: number }>('counters');
    return (await counters.findOne({ _id: 'routes' }))?.value ?? 0;
  }

  /** Documents newer than `revision`; all there are without one. */
  async read(revision?: number): Promise<RouteDocuments> {
    const { routeHosts, routeAddresses, routePolicies } = this.collections;
    const newer = revision === undefined ? {} : { revision: { $gt: revision } };
    const [hosts, addresses, policies] = await Promise.all([
      routeHosts.find(newer).toArray(),
      routeAddresses.find(newer).toArray(),
      routePolicies.find(newer).toArray(),
    ]);
    return { hosts, addresses, policies };
  }
}

export function revisionsOf({ hosts, addresses, policies }: RouteDocuments): number[] {
  return [...hosts, ...addresses, ...policies].map((document) => document.revision);
}
