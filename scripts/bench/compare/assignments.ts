import { operationPaths } from '@greenroom/contract';

import type { LoadRequest } from './load.ts';
import { send } from './recording.ts';
import type { ScenarioContext } from './scenario.ts';
import { createRequests } from './sessions.ts';

export interface Assignment {
  sessionId: string;
  fence: number;
}

/** Below the interval at which a running session is billed, so that reports only record their counters. */
const MAX_MEDIA_MS = 59_000;

/** Creates sessions and has a worker claim and start them. */
export async function assignSessions(
  { apiUrl, workerKey, organisations }: ScenarioContext,
  count: number,
): Promise<Assignment[]> {
  const post = async (path: string, body: object): Promise<unknown> =>
    (await send(apiUrl, { method: 'POST', path, key: workerKey, body })).response;
  const { id } = (await post(operationPaths['workers.register'], {
    ...{ name: 'bench', runtime_type: 'livekit', version: '1' },
    ...{ qualities: ['standard'], slots: count },
  })) as { id: string };
  for (const request of await createRequests(organisations, count)) await send(apiUrl, request);
  const assignments: Assignment[] = [];
  while (assignments.length < count) {
    const { session, fence } = (await post(operationPaths['workers.claim'].replace('{worker_id}', id), {
      wait_seconds: 0,
    })) as { session: { id: string }; fence: number };
    const assignment = { sessionId: session.id, fence };
    const { path, body = {} } = reportRequest(workerKey, assignment, 0);
    await post(path, { ...body, first_frame_at: new Date().toISOString() });
    assignments.push(assignment);
  }
  return assignments;
}

/** Returns the request that reports the progress of a running session. */
export function reportRequest(
  workerKey: string,
  { sessionId, fence }: Assignment,
  frames: number,
): LoadRequest {
  return {
    method: 'POST',
    path: operationPaths['assignments.report'].replace('{session_id}', sessionId),
    key: workerKey,
    body: { fence, state: 'running', frames, media_ms: Math.min(frames * 40, MAX_MEDIA_MS) },
  };
}
