import type { Database } from '@greenroom/database';

import type { Handlers } from '../contract/handlers.ts';

export function planHandlers({ prisma }: Database): Handlers['plans'] {
  return {
    async list() {
      const plans = await prisma.plan.findMany({ orderBy: { position: 'asc' } });
      return {
        status: 200,
        body: plans.map((plan) => ({
          id: plan.id,
          object: 'plan',
          name: plan.name,
          concurrent_sessions: plan.concurrentSessions,
          max_session_seconds: plan.maxSessionSeconds,
        })),
      };
    },
  };
}
