import type { NodeDocument, RuntimeSize } from '@berth/contracts/documents/runtime';
import { BerthError } from '@berth/errors/berth-error';

/** A node whose agent was not heard of for this long takes nothing new. */
export const nodeAliveMs = 20_000;

export interface NodeLoad {
  node: NodeDocument;
  /** Runtimes that are placed there and not deleted, and what their plans may take. */
  runtimes: number;
  memoryMb: number;
}

/**
 * The node with the largest share of memory left for another runtime. Memory may be promised many times over, since runtimes idle far below
 * their limits; the node itself says when it is really short, through `refusing`.
 * @throws BerthError `NODE_UNAVAILABLE` with the reason of the node that would have been first.
 */
export function chooseNode(loads: readonly NodeLoad[], size: RuntimeSize, now: Date): NodeDocument {
  const byRoom = [...loads].sort((a, b) => promised(a, size) - promised(b, size) || a.node._id.localeCompare(b.node._id));
  const refusals: string[] = [];
  for (const { node } of byRoom) {
    const refusal = refusalOf(node, now);
    if (refusal === null) return node;
    refusals.push(refusal);
  }
  throw new BerthError('NODE_UNAVAILABLE', { reason: refusals[0] ?? 'no node agent has ever run here.' });
}

function promised({ node, memoryMb }: NodeLoad, size: RuntimeSize): number {
  return (memoryMb + size.memoryMb) / Math.max(1, node.capacity.memoryMb);
}

/** Why the node takes nothing new; null when it does. */
export function refusalOf(node: NodeDocument, now: Date): string | null {
  const silentMs = now.getTime() - node.heartbeatAt.getTime();
  if (silentMs >= nodeAliveMs)
    return `the node agent of ${node.name} has been silent for ${Math.round(silentMs / 1000)} seconds.`;
  return node.refusing ? node.refusing.message : null;
}
