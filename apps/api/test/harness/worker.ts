import type { components } from '@greenroom/contract';

import { read, type Schemas } from './responses.ts';
import type { TestServer } from './test-server.ts';

export type Assignment = components['schemas']['Assignment'];
export type Directive = Schemas['AssignmentDirective']['directive'];
type Report = Omit<Schemas['AssignmentReport'], 'wait_seconds'> & { wait_seconds?: number };

/** A worker that a test controls, over the wire. */
export interface TestWorker {
  id: string;
  /** Returns the next session, or null when none was assigned in time. */
  claim(waitSeconds?: number, init?: RequestInit): Promise<Assignment | null>;
  /** Returns the response to a report, even an error. */
  report(assignment: Assignment, report: Partial<Report>): Promise<Response>;
  /** Sends a report and returns the directive. */
  reported(assignment: Assignment, report: Partial<Report>): Promise<Directive>;
}

/** Registers a worker, by default with the simulator's runtime. */
export async function registerWorker(
  server: TestServer,
  options: Partial<Schemas['WorkerCreate']> & { key?: string } = {},
): Promise<TestWorker> {
  const { key = server.keys.worker, ...fields } = options;
  const json = {
    name: 'test',
    runtime_type: 'simulator',
    qualities: ['mock', 'lite', 'standard', 'pro'],
    slots: 1000,
    version: '1.0.0',
    ...fields,
  };
  const { id } = await read<Schemas['Worker']>(
    server.request('/internal/v1/workers', { method: 'POST', key, json }),
  );
  const report: TestWorker['report'] = ({ session, fence }, fields) =>
    server.request(`/internal/v1/assignments/${session.id}/report`, {
      method: 'POST',
      key,
      json: { fence, state: 'running', frames: 0, media_ms: 0, ...fields },
    });
  return {
    id,
    async claim(waitSeconds = 0, init = {}) {
      const path = `/internal/v1/workers/${id}/claim`;
      const json = { wait_seconds: waitSeconds };
      const response = await server.request(path, { ...init, method: 'POST', key, json });
      return response.status === 204 ? null : read<Assignment>(response);
    },
    report,
    async reported(assignment, fields) {
      return (await read<Schemas['AssignmentDirective']>(report(assignment, fields))).directive;
    },
  };
}

/** Makes a worker claim a queued session, and report it as starting or running. */
export async function performed(
  server: TestServer,
  id: string,
  state: 'starting' | 'running' = 'running',
): Promise<{ worker: TestWorker; assignment: Assignment }> {
  const worker = await registerWorker(server);
  let assignment = await claimed(worker);
  while (assignment.session.id !== id) assignment = await claimed(worker);
  await worker.reported(assignment, state === 'running' ? { state, frames: 1, media_ms: 40 } : { state });
  return { worker, assignment };
}

/** Registers a worker of the stock avatars that serves media. */
export function registerMediaWorker(
  server: TestServer,
  options: Parameters<typeof registerWorker>[1] = {},
): Promise<TestWorker> {
  return registerWorker(server, {
    runtime_type: 'livekit',
    media_url: 'ws://127.0.0.1:4850',
    ...options,
  });
}

/** Makes a worker claim the next session and report that it starts. */
export async function startNext(worker: TestWorker): Promise<Assignment> {
  const assignment = await claimed(worker);
  await worker.reported(assignment, { state: 'starting' });
  return assignment;
}

/** Claims the next session. Rejects when there is none. */
export async function claimed(worker: TestWorker, waitSeconds = 5): Promise<Assignment> {
  const assignment = await worker.claim(waitSeconds);
  if (assignment === null) throw new Error('There was no session to claim');
  return assignment;
}
