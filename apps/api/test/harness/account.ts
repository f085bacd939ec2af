import { read, type Schemas } from './answers.ts';
import type { TestServer } from './test-server.ts';

/** What the organisation of a key has and uses, in figures. */
export async function accountOf(server: TestServer, key: string) {
  const limits = await read<Schemas['Limits']>(server.request('/v1/limits', { key }));
  const { concurrent_sessions: sessions, credits, max_session_seconds: maxSessionSeconds } = limits;
  return { sessions, credits, maxSessionSeconds, rateLimits: limits.rate_limits };
}
