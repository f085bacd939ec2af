import { setTimeout as delay } from 'node:timers/promises';

import { operationPaths, type components } from '@greenroom/contract';

import type { Balancer, Send } from './balancer.ts';
import type { Ledger } from './ledger.ts';
import { persist } from './persist.ts';

type Assignment = components['schemas']['Assignment'];
type Report = components['schemas']['AssignmentReport'];
type Directive = components['schemas']['AssignmentDirective'];

export interface PerformerOptions {
  balancer: Balancer;
  ledger: Ledger;
  workerKey: string;
  runtimeType: components['schemas']['RuntimeType'];
}

const CLAIM_WAIT_SECONDS = 1;
const REPORT_WAIT_SECONDS = 1;
const REPORT_PAUSE_MS = 300;
const FRAMES_PER_SECOND = 25;

/** An error response to a worker. */
class WorkerError extends Error {
  readonly status: number;

  constructor(status: number, text: string) {
    super(`${status} ${text}`);
    this.status = status;
  }
}

/**
 * Performs sessions over the wire like a worker, but publishes nothing. Records in the ledger the facts that the server
 * has acknowledged. Stops claiming when stopped, and resolves when its sessions are over.
 */
export async function runPerformer(options: PerformerOptions, stopping: AbortSignal): Promise<void> {
  const { balancer, ledger, workerKey, runtimeType } = options;
  const call = caller(balancer.sender(), workerKey);
  const registration = {
    ...{ name: 'faults', runtime_type: runtimeType, slots: 1000, version: '1.0.0' },
    qualities: ['mock', 'lite', 'standard', 'pro'],
  };
  const { id } = await persist(
    () => call<{ id: string }>(operationPaths['workers.register'], registration),
    isTemporary,
  );
  const path = operationPaths['workers.claim'].replace('{worker_id}', id);
  const performing: Promise<void>[] = [];
  while (!stopping.aborted) {
    try {
      const assignment = await call<Assignment | null>(path, { wait_seconds: CLAIM_WAIT_SECONDS });
      if (assignment !== null) {
        performing.push(perform(assignment, caller(balancer.sender(), workerKey), ledger));
      }
    } catch (error) {
      if (!isTemporary(error)) ledger.problems.push(`A claim got: ${String(error)}`);
      await delay(REPORT_PAUSE_MS);
    }
  }
  await Promise.all(performing);
}

type Call = <Body>(path: string, body: object) => Promise<Body>;

function caller(send: Send, key: string): Call {
  return async <Body>(path: string, body: object): Promise<Body> => {
    const response = await send(
      new Request(`http://greenroom.invalid${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    );
    const text = await response.text();
    if (!response.ok) throw new WorkerError(response.status, text);
    return (text === '' ? null : JSON.parse(text)) as Body;
  };
}

async function perform({ session, fence }: Assignment, call: Call, ledger: Ledger): Promise<void> {
  const path = operationPaths['assignments.report'].replace('{session_id}', session.id);
  const report = async (fields: Pick<Report, 'state' | 'frames' | 'media_ms' | 'wait_seconds'>) => {
    const { directive } = await persist(() => call<Directive>(path, { fence, ...fields }), isTemporary);
    ledger.reported(session.id, fields.media_ms, fields.state === 'ended');
    return directive;
  };
  try {
    let directive = await report({ state: 'starting', frames: 0, media_ms: 0, wait_seconds: 0 });
    let startedAtMs = performance.now();
    const counters = () => {
      const elapsedMs = Math.round(performance.now() - startedAtMs);
      return { frames: Math.floor((elapsedMs * FRAMES_PER_SECOND) / 1000), media_ms: elapsedMs };
    };
    if (directive === 'continue') {
      directive = await report({ state: 'running', frames: 1, media_ms: 0, wait_seconds: 0 });
      startedAtMs = performance.now();
    }
    while (directive === 'continue') {
      await delay(REPORT_PAUSE_MS);
      directive = await report({ state: 'running', ...counters(), wait_seconds: REPORT_WAIT_SECONDS });
    }
    if (directive === 'drain') await report({ state: 'ended', ...counters(), wait_seconds: 0 });
  } catch (error) {
    if (error instanceof WorkerError && error.status === 409) ledger.lost.add(session.id);
    else ledger.problems.push(`The worker of ${session.id} got: ${String(error)}`);
  }
}

/** Returns whether a worker repeats the request: there was no response, or the service is unavailable. */
function isTemporary(error: unknown): boolean {
  return !(error instanceof WorkerError) || error.status === 503;
}
