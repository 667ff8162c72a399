import type { OperationKind } from '@berth/contracts/documents/operation';

export type StepName =
  | 'reserve'
  | 'place'
  | 'volume'
  | 'container'
  | 'boot'
  | 'configure'
  | 'route'
  | 'unroute'
  | 'start'
  | 'stop'
  | 'remove';

/** What each kind of operation consists of, in its order, and how long it may take. Kinds without steps are not made yet. */
export const operationPlans: Readonly<Record<OperationKind, { steps: readonly StepName[]; seconds: number }>> = {
  'app.create': { steps: ['reserve', 'place', 'volume', 'container', 'boot', 'configure', 'route'], seconds: 120 },
  'app.delete': { steps: ['unroute', 'stop'], seconds: 120 },
  'app.restore': { steps: ['start', 'route'], seconds: 120 },
  'app.purge': { steps: ['unroute', 'remove'], seconds: 180 },
  'environment.create': { steps: [], seconds: 120 },
  'environment.delete': { steps: [], seconds: 120 },
  'environment.configure': { steps: ['configure', 'route'], seconds: 60 },
};
