import type { Handlers } from '../contract/handlers.ts';
import { ApiError } from '../http/api-error.ts';

/** Workers cannot be served before dispatch is there; each operation says so. */
export function workerHandlers(): Pick<Handlers, 'workers' | 'assignments'> {
  const unserved = async (): Promise<never> => {
    throw new ApiError('dispatch.unavailable', {
      message: 'This server does not hand sessions to workers yet. Try again after an upgrade.',
      headers: { 'Retry-After': '60' },
    });
  };
  return { workers: { register: unserved, claim: unserved }, assignments: { report: unserved } };
}
