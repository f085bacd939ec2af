import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import { operationTable, type components, type ErrorCode } from '@greenroom/contract';

import type { Assignment } from '../../src/runtime.ts';
import { nextId } from './next-id.ts';

type Schemas = components['schemas'];

export const KEY = 'wk_the-key-of-this-worker';

export type SeenReport = Schemas['AssignmentReport'] & {
  sessionId: string;
  /** When it arrived, by the monotonic clock. */
  atMs: number;
};

/** An HTTP server of the worker operations that a test controls. */
export interface ControlPlaneServer extends AsyncDisposable {
  readonly url: string;
  readonly registrations: Schemas['WorkerCreate'][];
  readonly reports: SeenReport[];
  /** Resolves when the server has received `count` further requests. */
  requests(count: number): Promise<void>;
  /** When the server last responded to a report, by the monotonic clock. */
  readonly respondedAtMs: number;
  /** Returns how many claims are waiting. */
  waitingClaims(): number;
  /** Returns an assignment to the next claim. */
  assign(assignment: Assignment): void;
  /** Responds with 204 to all waiting claims. */
  endWaits(): void;
  /** Sets the directive of a session for further reports and those that wait. */
  direct(sessionId: string, directive: Schemas['Directive']): void;
  /** Responds to requests with an error until it is null. 'silence' does not respond, 'drop' closes the connection. */
  fail(how: { status: number; code: ErrorCode } | 'silence' | 'drop' | null): void;
  /** Resolves with the first report that matches, past or future. */
  report(matches: (report: SeenReport) => boolean): Promise<SeenReport>;
  /** Sets the only key that is accepted. */
  setKey(key: string): void;
  /** Forgets the registered workers. */
  forgetWorkers(): void;
}

interface Held {
  request: IncomingMessage;
  response: ServerResponse;
}

const REPORT_PATH = /^\/internal\/v1\/assignments\/([^/]+)\/report$/;
const PORTRAIT_PATH = /^\/internal\/v1\/assignments\/[^/]+\/portrait\?/;
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
      respondWithError(response, failure.status, failure.code);
      return;
    }
    if (request.headers.authorization !== `Bearer ${key}`) {
      respondWithError(response, 401, 'api_key.unknown');
      return;
    }
    const path = request.url ?? '';
    const [, workerId] = CLAIM_PATH.exec(path) ?? [];
    const [, sessionId] = REPORT_PATH.exec(path) ?? [];
    if (path === operationTable['workers.register'].path) {
      register(response, body as Schemas['WorkerCreate']);
    } else if (workerId !== undefined) {
      if (!workers.has(workerId)) {
        respondWithError(response, 404, 'worker.not_found');
        return;
      }
      hold(claims, { request, response });
      assignNext();
    } else if (sessionId !== undefined) {
      const report = { ...(body as Schemas['AssignmentReport']), sessionId, atMs: performance.now() };
      reports.push(report);
      for (const watch of watchers) watch();
      respondToReport({ request, response }, report);
    } else if (PORTRAIT_PATH.test(path)) {
      respondWithError(response, 404, 'avatar.no_portrait');
    }
  }

  function register(response: ServerResponse, body: Schemas['WorkerCreate']): void {
    registrations.push(body);
    const id = nextId('wkr');
    workers.add(id);
    respond(response, 201, {
      ...{ id, object: 'worker', ...body, created_at: new Date().toISOString() },
      ...{ report_interval_seconds: 5, lease_seconds: leaseSeconds },
    });
  }

  function assignNext(): void {
    for (const claim of claims) {
      const assignment = queue.shift();
      if (assignment === undefined) return;
      claims.delete(claim);
      respond(claim.response, 200, assignment);
    }
  }

  function respondToReport(held: Held, { sessionId, wait_seconds: waitSeconds = 0 }: SeenReport): void {
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
    respond(response, 200, {
      directive: directives.get(sessionId) ?? 'continue',
      lease_seconds: leaseSeconds,
    });
  }

  /** Resolves with the first value that `find` returns, now or after a request. */
  function waitFor<Value>(find: () => Value | undefined): Promise<Value> {
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
      assignNext();
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
    report: (matches) => waitFor(() => reports.find(matches)),
    async requests(count) {
      const expected = received + count;
      await waitFor(() => (received >= expected ? received : undefined));
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

function respond(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

function respondWithError(response: ServerResponse, status: number, code: ErrorCode): void {
  const error = {
    type: 'conflict',
    code,
    message: 'Rejected.',
    param: null,
    request_id: 'req_01KKGP79VGVVNAJTS2PNVX0WS3',
  };
  respond(response, status, { error });
}
