import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import { operationTable, type components, type ErrorCode } from '@greenroom/contract';

import type { Assignment } from '../../src/runtime.ts';
import { nextId } from './session-id.ts';

type Schemas = components['schemas'];

export const KEY = 'wk_the-key-of-this-worker';

export type SeenReport = Schemas['AssignmentReport'] & {
  sessionId: string;
  /** When it came, by the monotonic clock. */
  atMs: number;
};

/** The server's side of the worker operations, real HTTP, in the hands of a test. */
export interface ControlPlaneServer extends AsyncDisposable {
  readonly url: string;
  readonly registrations: Schemas['WorkerCreate'][];
  readonly reports: SeenReport[];
  /** Resolves once the server has received so many more requests, responded to or not. */
  requests(count: number): Promise<void>;
  /** When a report was last responded to, by the monotonic clock. */
  readonly respondedAtMs: number;
  /** How many claims wait at the moment. */
  waitingClaims(): number;
  /** Hands an assignment to the next claim. */
  assign(assignment: Assignment): void;
  /** Answers 204 to every claim that waits. */
  endWaits(): void;
  /** What reports on a session are answered from now on, those that wait included. */
  direct(sessionId: string, directive: Schemas['Directive']): void;
  /** Answers requests with this error until told otherwise (null); 'silence': not at all. */
  fail(how: { status: number; code: ErrorCode } | 'silence' | 'drop' | null): void;
  /** Resolves with the first report, past or to come, that fits. */
  report(fits: (report: SeenReport) => boolean): Promise<SeenReport>;
  /** Accepts this key only. */
  setKey(key: string): void;
  /** Knows no worker any more. */
  forgetWorkers(): void;
}

interface Held {
  request: IncomingMessage;
  response: ServerResponse;
}

const REPORT_PATH = /^\/internal\/v1\/assignments\/([^/]+)\/report$/;
const CLAIM_PATH = /^\/internal\/v1\/workers\/([^/]+)\/claim$/;

export async function startControlPlane(
  options: { leaseSeconds?: number } = {},
): Promise<ControlPlaneServer> {
  const { leaseSeconds = 15 } = options;
  const registrations: Schemas['WorkerCreate'][] = [];
  const reports: SeenReport[] = [];
  const queue: Assignment[] = [];
  const claims = new Set<Held>();
  const waits = new Map<Held, string>();
  const directives = new Map<string, Schemas['Directive']>();
  const watchers = new Set<() => void>();
  const workers = new Set<string>();
  let received = 0;
  let respondedAtMs = 0;
  let failure: Parameters<ControlPlaneServer['fail']>[0] = null;
  let key = KEY;

  const server = createServer((request, response) => {
    received += 1;
    for (const watch of watchers) watch();
    text(request)
      .then((body) => handle(request, response, body === '' ? {} : JSON.parse(body)))
      .catch(() => response.destroy());
  });

  function handle(request: IncomingMessage, response: ServerResponse, body: unknown): void {
    if (failure === 'silence') return;
    if (failure === 'drop') {
      response.destroy();
      return;
    }
    if (failure !== null) {
      refuse(response, failure.status, failure.code);
      return;
    }
    if (request.headers.authorization !== `Bearer ${key}`) {
      refuse(response, 401, 'api_key.unknown');
      return;
    }
    const path = request.url ?? '';
    const [, workerId] = CLAIM_PATH.exec(path) ?? [];
    const [, sessionId] = REPORT_PATH.exec(path) ?? [];
    if (path === operationTable['workers.register'].path) {
      register(response, body as Schemas['WorkerCreate']);
    } else if (workerId !== undefined) {
      if (!workers.has(workerId)) {
        refuse(response, 404, 'worker.not_found');
        return;
      }
      hold(claims, { request, response });
      hand();
    } else if (sessionId !== undefined) {
      const report = { ...(body as Schemas['AssignmentReport']), sessionId, atMs: performance.now() };
      reports.push(report);
      for (const watch of watchers) watch();
      hear({ request, response }, report);
    }
  }

  function register(response: ServerResponse, body: Schemas['WorkerCreate']): void {
    registrations.push(body);
    const id = nextId('wkr');
    workers.add(id);
    answer(response, 201, {
      ...{ id, object: 'worker', ...body, created_at: new Date().toISOString() },
      ...{ report_interval_seconds: 5, lease_seconds: leaseSeconds },
    });
  }

  function hand(): void {
    for (const claim of claims) {
      const assignment = queue.shift();
      if (assignment === undefined) return;
      claims.delete(claim);
      answer(claim.response, 200, assignment);
    }
  }

  function hear(held: Held, { sessionId, wait_seconds: waitSeconds = 0 }: SeenReport): void {
    if (waitSeconds === 0 || directives.has(sessionId)) {
      direct(held.response, sessionId);
      return;
    }
    waits.set(held, sessionId);
    const timer = setTimeout(() => {
      waits.delete(held);
      direct(held.response, sessionId);
    }, waitSeconds * 1000);
    held.response.once('close', () => {
      clearTimeout(timer);
      waits.delete(held);
    });
  }

  function direct(response: ServerResponse, sessionId: string): void {
    respondedAtMs = performance.now();
    answer(response, 200, {
      directive: directives.get(sessionId) ?? 'continue',
      lease_seconds: leaseSeconds,
    });
  }

  /** Resolves with the first value that is there, now or after any request. */
  function watched<Value>(find: () => Value | undefined): Promise<Value> {
    return new Promise((resolve) => {
      const watch = () => {
        const found = find();
        if (found === undefined) return;
        watchers.delete(watch);
        resolve(found);
      };
      watchers.add(watch);
      watch();
    });
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    registrations,
    reports,
    get respondedAtMs() {
      return respondedAtMs;
    },
    waitingClaims: () => claims.size,
    assign(assignment) {
      queue.push(assignment);
      hand();
    },
    endWaits() {
      for (const { response } of claims) response.writeHead(204).end();
      claims.clear();
    },
    direct(sessionId, directive) {
      directives.set(sessionId, directive);
      for (const [held, waiting] of waits) if (waiting === sessionId) direct(held.response, sessionId);
    },
    fail(how) {
      failure = how;
    },
    report: (fits) => watched(() => reports.find(fits)),
    async requests(count) {
      const enough = received + count;
      await watched(() => (received >= enough ? received : undefined));
    },
    setKey(accepted) {
      key = accepted;
    },
    forgetWorkers: () => workers.clear(),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function hold(set: Set<Held>, held: Held): void {
  set.add(held);
  held.response.once('close', () => set.delete(held));
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

function refuse(response: ServerResponse, status: number, code: ErrorCode): void {
  const error = {
    type: 'conflict',
    code,
    message: 'Refused.',
    param: null,
    request_id: 'req_01KKGP79VGVVNAJTS2PNVX0WS3',
  };
  answer(response, status, { error });
}
