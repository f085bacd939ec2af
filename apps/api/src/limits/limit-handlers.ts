import type { Database } from '@greenroom/database';

import { findAccount } from '../accounts/account-repository.ts';
import type { RateLimitConfig } from '../common/config.ts';
import type { Handlers } from '../contract/handlers.ts';
import { BURST_SECONDS, policiesOf, type RateLimiter } from '../rate-limits/rate-limiter.ts';

export function limitHandlers(
  database: Database,
  limiter: RateLimiter,
  config: RateLimitConfig,
): Handlers['limits'] {
  return {
    async get({ identity }) {
      const account = await findAccount(database, identity);
      const { concurrentSessions, activeSessions, creditsBalance, creditsReserved } = account;
      return {
        status: 200,
        body: {
          plan: account.planId,
          concurrent_sessions: {
            limit: concurrentSessions,
            active: activeSessions,
            // Negative if an operator lowered the limit below the use.
            available: Math.max(0, concurrentSessions - activeSessions),
          },
          max_session_seconds: account.maxSessionSeconds,
          credits: {
            balance: creditsBalance,
            reserved: creditsReserved,
            available: account.creditsAvailable,
          },
          rate_limits: Object.values(policiesOf(identity, config)).map((policy) => {
            const state = limiter.peek({ kind: 'key', id: identity.keyId }, policy);
            return {
              name: policy.name,
              limit: state.policy.burst,
              window_seconds: BURST_SECONDS,
              remaining: state.remaining,
            };
          }),
        },
      };
    },
  };
}
