import type { Settings } from '@berth/config/settings';
import { firstObservation, type NodeDocument, type RuntimeDocument } from '@berth/contracts/documents/runtime';
import { BerthError } from '@berth/errors/berth-error';
import { Inject, Injectable } from '@nestjs/common';
import type { Plan } from '../plans/plan';
import { SETTINGS } from '../platform/tokens';
import { chooseNode } from './choose-node';
import { RuntimesRepository } from './runtimes.repository';

/** Where a new runtime goes, and what it is made of. */
export interface Placement {
  node: NodeDocument;
  image: string;
}

@Injectable()
export class PlaceRuntime {
  constructor(
    private readonly runtimes: RuntimesRepository,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** @throws BerthError `NODE_UNAVAILABLE` with the reason, before anything was written. */
  async choose(plan: Plan): Promise<Placement> {
    const image = this.settings.BERTH_RUNTIME_IMAGE;
    if (!image) throw new BerthError('NODE_UNAVAILABLE', { reason: 'BERTH_RUNTIME_IMAGE is not set.' });
    return { node: chooseNode(await this.runtimes.nodeLoads(), plan.environment.size, new Date()), image };
  }

  /** The record of a new runtime that is to run. */
  record(
    id: string,
    placement: Placement,
    plan: Plan,
    environmentId: string,
    config: RuntimeDocument['config'],
    now: Date,
  ): RuntimeDocument {
    return {
      _id: id,
      nodeId: placement.node._id,
      environmentId,
      image: placement.image,
      size: plan.environment.size,
      desired: { power: 'running', revision: 1, at: now },
      config,
      purge: null,
      observed: firstObservation(now),
      reconcileAt: now,
      createdAt: now,
    };
  }
}
