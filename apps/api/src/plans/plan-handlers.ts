import type { Database } from '@greenroom/database';

import type { Handlers } from '../contract/handlers.ts';
import { listPlans } from './plan-repository.ts';

export function planHandlers(database: Database): Handlers['plans'] {
  return {
    async list() {
      const plans = await listPlans(database);
      return {
        status: 200,
        body: plans.map((plan) => ({
          key: plan.id,
          name: plan.name,
          monthly_price_cents: plan.monthlyPriceCents,
          included_credits: plan.includedCredits,
          extra_credit_unit_micros: plan.extraCreditUnitMicros,
          max_concurrency: plan.concurrentSessions,
          custom_avatar_slots: plan.customAvatarSlots,
          extra_avatar_slot_cents: plan.extraAvatarSlotCents,
          session_time_limit_seconds: plan.maxSessionSeconds,
        })),
      };
    },
  };
}
