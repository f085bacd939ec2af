import type { Database, Plan } from '@greenroom/database';

/** Returns the plans in the order in which they are listed. */
export function listPlans({ prisma }: Database): Promise<Plan[]> {
  return prisma.plan.findMany({ orderBy: { position: 'asc' } });
}
