import { startApi, type ApiOptions } from '../built-programs.ts';
import type { ServerProcess } from '../server-process.ts';

/** Sessions and assignments must not expire while they wait for their turn. */
export const PATIENT = { GREENROOM_JOIN_DEADLINE_SECONDS: '86400', GREENROOM_LEASE_SECONDS: '3600' } as const;

/** The environment of the servers that are measured. */
export const PRODUCTION = { ...process.env, NODE_ENV: 'production' } as const;

/** Requests per second of one worker key: more than any machine serves. The default is less than a fast machine serves. */
const WORKER_REQUESTS_PER_SECOND = '1000000';

/** Starts the built API as in production, but with the organisation `dev` and its keys in the data directory. */
export function startMeasuredApi({ env, ...options }: Omit<ApiOptions, 'readsLog'>): Promise<ServerProcess> {
  return startApi({
    ...options,
    env: {
      ...PRODUCTION,
      GREENROOM_DEV_ORG: 'true',
      GREENROOM_WORKER_REQUESTS_PER_SECOND: WORKER_REQUESTS_PER_SECOND,
      LOG_LEVEL: 'info',
      ...env,
    },
    readsLog: false,
  });
}
