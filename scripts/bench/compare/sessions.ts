import { operationPaths } from '@greenroom/contract';
import { sessionCreate } from '@greenroom/testing';
import pLimit from 'p-limit';

import type { LoadRequest } from './load.ts';
import type { Organisation } from './organisations.ts';
import type { Replay } from './replay.ts';
import { POOL_SIZE } from './scenario.ts';

/** Long enough for any benchmark. */
const TOKEN_SECONDS = 2 * 86_400;

export interface CreatedSession {
  id: string;
  /** The key of its organisation. */
  key: string;
}

/** Returns requests that create sessions, of one organisation after the other. */
export function createRequests(
  organisations: readonly Organisation[],
  count: number,
): Promise<LoadRequest[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, index) => ({
      method: 'POST' as const,
      path: operationPaths['sessions.create'],
      key: organisations[index % organisations.length]?.key ?? '',
      body: await sessionCreate({ expiresIn: TOKEN_SECONDS }),
    })),
  );
}

/** Creates sessions by the statements of our server, which is faster than its HTTP. */
export function replayCreates(replay: Replay, requests: readonly LoadRequest[]): Promise<CreatedSession[]> {
  const limit = pLimit(POOL_SIZE);
  return Promise.all(
    requests.map((request) =>
      limit(async () => {
        const { id } = replay.responseOf(await replay.run(request)) as { id: string };
        return { id, key: request.key };
      }),
    ),
  );
}
