import type { Handlers } from '../contract/handlers.ts';
import type { StatusProbe } from './status-probe.ts';

export function statusHandlers(probe: StatusProbe): Handlers['status'] {
  return {
    async get() {
      return { status: 200, body: await probe.current() };
    },
  };
}
