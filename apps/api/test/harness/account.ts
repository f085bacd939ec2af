import { read, type Schemas } from './responses.ts';
import type { TestServer } from './test-server.ts';

/** Returns the account of a key's organisation. */
export async function accountOf(server: TestServer, key: string) {
  const limits = await read<Schemas['Limits']>(server.request('/v1/limits', { key }));
  const { concurrent_sessions: sessions, credits, max_session_seconds: maxSessionSeconds } = limits;
  return { sessions, credits, maxSessionSeconds, rateLimits: limits.rate_limits };
}
