import { readFile } from 'node:fs/promises';

import type { Greenroom } from '@greenroom/client';
import { operationPaths } from '@greenroom/contract';
import { sessionCreate } from '@greenroom/testing';

import { durationRow } from './percentile.ts';

const CREATES = 300;
const WARM_UP = 30;

interface Options {
  url: string;
  greenroom: Greenroom;
  workerKeyFile: string;
  signal: AbortSignal;
}

/** Measures the time from the request that creates a session to the response that assigns it to a waiting worker. */
export async function measureClaims({ url, greenroom, workerKeyFile, signal }: Options): Promise<string[]> {
  const key = (await readFile(workerKeyFile, 'utf8')).trim();
  const post = async (path: string, body: object): Promise<unknown> => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const response = await fetch(url + path, {
      ...{ method: 'POST', headers, signal },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`POST ${path} failed with status ${response.status}`);
    return response.json();
  };
  const worker = {
    name: 'bench',
    runtime_type: 'simulator',
    qualities: ['standard'],
    slots: 1,
    version: '1',
  };
  const { id } = (await post(operationPaths['workers.register'], worker)) as { id: string };
  const waits: number[] = [];
  for (let count = 0; count < WARM_UP + CREATES; count += 1) {
    const claim = post(operationPaths['workers.claim'].replace('{worker_id}', id), { wait_seconds: 20 }).then(
      (assignment) => ({
        assignment: assignment as { session: { id: string }; fence: number },
        atMs: performance.now(),
      }),
    );
    // By the time of this response, the claim waits at the server.
    await greenroom.limits.get();
    const body = await sessionCreate();
    const createdMs = performance.now();
    await greenroom.sessions.create(body, { signal });
    const { assignment, atMs } = await claim;
    if (count >= WARM_UP) waits.push(atMs - createdMs);
    const finalReport = { fence: assignment.fence, state: 'ended', frames: 0, media_ms: 0 };
    const reportPath = operationPaths['assignments.report'].replace('{session_id}', assignment.session.id);
    await post(reportPath, finalReport);
  }
  return [durationRow('create to claim', waits)];
}
