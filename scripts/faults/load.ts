import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import { operationPaths } from '@greenroom/contract';
import { sessionCreate } from '@greenroom/testing';

import type { Fleet } from './fleet.ts';

/** One request and its response, if any. */
export interface Sample {
  /** Index of the API process in the fleet. */
  api: number;
  operation: 'create' | 'end' | 'readyz';
  /** When the request was sent, in milliseconds of the monotonic clock. */
  sentAtMs: number;
  durationMs: number;
  /** Null when the connection broke or no response came within 20 s. */
  status: number | null;
  hasRetryAfter: boolean;
  /** The body of a response with a 5xx status. */
  body: string | null;
}

export interface Load {
  readonly samples: readonly Sample[];
  /** Ids of the sessions whose create returned 201. */
  readonly acknowledged: ReadonlySet<string>;
  stop(): Promise<void>;
}

const CREATORS_PER_API = 4;
const REQUEST_TIMEOUT_MS = 20_000;
const MAX_BODY_LENGTH = 500;
/** Delay after a failed request. It limits the load, as clients do. */
const BACKOFF_MS = 100;
const PROBE_INTERVAL_MS = 100;

/** Creates and ends test sessions on every API process, and probes the readiness of each, until stopped. */
export function startLoad(fleet: Fleet): Load {
  const samples: Sample[] = [];
  const acknowledged = new Set<string>();
  let isStopped = false;

  const send = async (
    api: number,
    operation: Sample['operation'],
    path: string,
    body?: object,
  ): Promise<{ status: number | null; id?: string }> => {
    const sentAtMs = performance.now();
    const headers = {
      authorization: `Bearer ${fleet.testKey}`,
      ...(body && { 'content-type': 'application/json', 'idempotency-key': randomUUID() }),
    };
    try {
      const response = await fetch(`${fleet.apis[api]?.url ?? ''}${path}`, {
        method: operation === 'readyz' ? 'GET' : 'POST',
        headers,
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      });
      const text = await response.text();
      const { status } = response;
      const hasRetryAfter = response.headers.has('retry-after');
      samples.push({
        api,
        operation,
        sentAtMs,
        durationMs: performance.now() - sentAtMs,
        status,
        hasRetryAfter,
        body: status >= 500 ? text.slice(0, MAX_BODY_LENGTH) : null,
      });
      return status === 201 ? { status, id: (JSON.parse(text) as { id: string }).id } : { status };
    } catch {
      const durationMs = performance.now() - sentAtMs;
      samples.push({ api, operation, sentAtMs, durationMs, status: null, hasRetryAfter: false, body: null });
      return { status: null };
    }
  };

  const create = async (api: number): Promise<void> => {
    while (!isStopped) {
      const { id } = await send(api, 'create', operationPaths['sessions.create'], await sessionCreate());
      if (id === undefined) {
        await delay(BACKOFF_MS);
        continue;
      }
      acknowledged.add(id);
      const { status } = await send(api, 'end', operationPaths['sessions.end'].replace('{session_id}', id));
      if (status !== 200) await delay(BACKOFF_MS);
    }
  };
  const probe = async (api: number): Promise<void> => {
    while (!isStopped) {
      await send(api, 'readyz', '/readyz');
      await delay(PROBE_INTERVAL_MS);
    }
  };

  const running = fleet.apis.flatMap((_, api) => [
    probe(api),
    ...Array.from({ length: CREATORS_PER_API }, () => create(api)),
  ]);
  return {
    samples,
    acknowledged,
    async stop() {
      isStopped = true;
      await Promise.all(running);
    },
  };
}
