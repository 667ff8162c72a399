import type { GatewayDocument, RouteAddress, RouteHost, RoutePolicy } from '@berth/contracts/documents/routes';
import type { NodeDocument, RuntimeDocument } from '@berth/contracts/documents/runtime';
import { type Collection, type Db, MongoClient } from 'mongodb';
import { fixDriver } from './driver-fix';

/** The collections that more than one process touches, typed. The control plane's own ones have Mongoose schemas in their features. */
export interface SharedCollections {
  db: Db;
  runtimes: Collection<RuntimeDocument>;
  nodes: Collection<NodeDocument>;
  routeHosts: Collection<RouteHost>;
  routeAddresses: Collection<RouteAddress>;
  routePolicies: Collection<RoutePolicy>;
  gateways: Collection<GatewayDocument>;
}

export function sharedCollections(db: Db): SharedCollections {
  return {
    db,
    runtimes: db.collection('runtimes'),
    nodes: db.collection('nodes'),
    routeHosts: db.collection('route_hosts'),
    routeAddresses: db.collection('route_addresses'),
    routePolicies: db.collection('route_policies'),
    gateways: db.collection('gateways'),
  };
}

/**
 * A client for processes that work without Mongoose (node agent, gateway). Connects lazily and again by itself; every call fails after
 * 5 s without a server instead of hanging. The database is the one named in the address, `berth` by default.
 */
export function mongoClient(url: string, appName: string): MongoClient {
  fixDriver();
  return new MongoClient(url, {
    appName,
    serverSelectionTimeoutMS: 5000,
    connectTimeoutMS: 5000,
    maxPoolSize: 5,
    minPoolSize: 0,
  });
}
