import { operationPaths } from '@greenroom/contract';

import type { LoadRequest } from '../compare/load.ts';
import type { Organisation } from '../compare/organisations.ts';
import { send } from '../compare/recording.ts';
import { createRequests } from '../compare/sessions.ts';

/** A server with a database of a size. */
export interface Site {
  url: string;
  organisation: Organisation;
  workerKey: string;
  workerId: string;
}

/** The measured operations. */
export const OPERATIONS = ['create', 'claim', 'report', 'final report', 'end', 'usage summary'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** A session of a round in progress. */
interface Assignment {
  sessionId: string;
  fence: number;
}

/** Registers the worker of a site. */
export async function registerWorker(url: string, workerKey: string): Promise<string> {
  const body = {
    ...{ name: 'bench', runtime_type: 'livekit', version: '1' },
    ...{ qualities: ['standard'], slots: 1_000 },
  };
  const path = operationPaths['workers.register'];
  const { response } = await send(url, { method: 'POST', path, key: workerKey, body });
  return (response as { id: string }).id;
}

/**
 * Performs `count` sessions at each site and calls `record` with the duration of every measured request. The sites take
 * turns at each request, so that other load on the machine affects both.
 */
export async function performSessions(
  sites: readonly Site[],
  count: number,
  record: (site: Site, operation: Operation, durationMs: number) => void,
): Promise<void> {
  const assignments = new Map<Site, Assignment[]>(sites.map((site) => [site, []]));
  const each = async (work: (site: Site, index: number) => Promise<void>): Promise<void> => {
    for (let index = 0; index < count; index += 1) for (const site of sites) await work(site, index);
  };
  const timed = async (site: Site, operation: Operation, request: LoadRequest): Promise<unknown> => {
    const startedAtMs = performance.now();
    const { response } = await send(site.url, request);
    record(site, operation, performance.now() - startedAtMs);
    return response;
  };
  const assignmentOf = (site: Site, index: number): Assignment => {
    const assignment = assignments.get(site)?.[index];
    if (assignment === undefined) throw new Error('A session was not claimed.');
    return assignment;
  };

  await each(async (site) => {
    for (const request of await createRequests([site.organisation], 1)) await timed(site, 'create', request);
  });
  await each(async (site) => {
    const path = operationPaths['workers.claim'].replace('{worker_id}', site.workerId);
    const body = { wait_seconds: 0 };
    const claimed = await timed(site, 'claim', { method: 'POST', path, key: site.workerKey, body });
    const { session, fence } = claimed as { session: { id: string }; fence: number };
    assignments.get(site)?.push({ sessionId: session.id, fence });
  });
  await each(async (site, index) => {
    const started = { state: 'running', frames: 0, media_ms: 0, first_frame_at: new Date().toISOString() };
    await send(site.url, reportRequest(site, assignmentOf(site, index), started));
  });
  await each(async (site, index) => {
    const progress = { state: 'running', frames: 25, media_ms: 1_000 };
    await timed(site, 'report', reportRequest(site, assignmentOf(site, index), progress));
  });
  await each(async (site, index) => {
    const path = operationPaths['sessions.end'].replace('{session_id}', assignmentOf(site, index).sessionId);
    await timed(site, 'end', { method: 'POST', path, key: site.organisation.key });
  });
  await each(async (site, index) => {
    const last = { state: 'ended', frames: 50, media_ms: 2_000 };
    await timed(site, 'final report', reportRequest(site, assignmentOf(site, index), last));
  });
  await each(async (site) => {
    const path = operationPaths['usage.summary'];
    await timed(site, 'usage summary', { method: 'GET', path, key: site.organisation.key });
  });
}

function reportRequest({ workerKey }: Site, { sessionId, fence }: Assignment, body: object): LoadRequest {
  const path = operationPaths['assignments.report'].replace('{session_id}', sessionId);
  return { method: 'POST', path, key: workerKey, body: { fence, ...body } };
}
