import type { Handlers } from '../contract/handlers.ts';
import { idempotencyKey } from '../idempotency/idempotency.ts';
import type { PipecatSessionService } from './pipecat-session-service.ts';

export function pipecatSessionHandlers(sessions: PipecatSessionService): Handlers['pipecatSessions'] {
  return {
    async create({ id, traceparent, identity, body, header, signal, withoutCapacity }) {
      const key = idempotencyKey(header('idempotency-key'));
      return sessions.create(identity, body, {
        key,
        origin: { requestId: id, traceparent },
        signal,
        withoutCapacity,
      });
    },
  };
}
