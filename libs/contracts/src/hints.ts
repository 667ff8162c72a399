/**
 * Hints go over Redis publish/subscribe so that nobody waits for the next poll. They may be lost or doubled: every receiver also polls
 * MongoDB, and a hint never carries what is not there.
 */
export type Hint =
  | { kind: 'runtime'; id: string; nodeId: string }
  | { kind: 'runtime-observed'; id: string }
  | { kind: 'routes'; revision: number }
  | { kind: 'gateway-applied'; revision: number }
  | { kind: 'operation'; id: string };

export const hintChannel = (installationId: string) => `berth:${installationId}:hints`;
