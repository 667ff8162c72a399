import { internalPlan } from './internal-plan';
import type { Plan } from './plan';

const plans = new Map([[internalPlan.id, internalPlan]]);

/** The plan with this id. An app always names one that there is. */
export function findPlan(id: string): Plan {
  const plan = plans.get(id);
  if (!plan) throw new Error(`there is no plan ${id}`);
  return plan;
}
