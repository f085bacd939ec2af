import { readyAvatar } from '../harness/avatars.ts';
import { createSession } from '../harness/responses.ts';
import { silentBody } from '../harness/silent-body.ts';
import type { TestServer } from '../harness/test-server.ts';
import { claimed, registerWorker, type Assignment } from '../harness/worker.ts';
import { tooMuchWithoutKey, type Case, type Cases, type Fixture, type WorkerOperationId } from './case.ts';

const WORKERS = '/internal/v1/workers';
const UNKNOWN_WORKER = `${WORKERS}/wkr_01KKGA2SR0ZV1RH0M05W6V8297/claim`;
const UNKNOWN_SESSION = '/internal/v1/assignments/sess_01KKGP79VG6A09Y83A35BZFNZE/report';

const registration = {
  name: 'case',
  runtime_type: 'simulator',
  qualities: ['standard'],
  slots: 1,
  version: '1.0.0',
};
const report = { fence: 1, state: 'running', frames: 1, media_ms: 40 };

function post(server: TestServer, path: string, json: unknown, key: string | null = server.keys.worker) {
  return server.request(path, { method: 'POST', key, json });
}

/** Errors that every worker operation has in common. */
function keyed(path: string, json: object) {
  const raw =
    (body: string, type: string): Case =>
    ({ server }) =>
      server.request(path, {
        method: 'POST',
        key: server.keys.worker,
        headers: { 'Content-Type': type },
        body,
      });
  return {
    400: raw('{', 'application/json'),
    401: ({ server }: Fixture) => post(server, path, json, null),
    403: ({ server }: Fixture) => post(server, path, json, server.keys.live),
    408: ({ impatient }: Fixture) => silentBody(impatient, path, impatient.keys.worker),
    413: ({ server }: Fixture) => post(server, path, { ...json, name: 'x'.repeat(1_100_000) }),
    415: raw('hello', 'text/plain'),
    422: ({ server }: Fixture) => post(server, path, { ...json, surprise: 1 }),
    429: tooMuchWithoutKey(path, 'POST'),
    500: ({ broken }: Fixture) => post(broken, path, json),
    503: ({ full }: Fixture) => post(full, path, json),
  };
}

/** A session that a worker has claimed. */
async function assignment({ server }: Fixture, avatarId = 'av_stock_001'): Promise<Assignment> {
  const { id: sessionId } = await createSession(server, { quality: 'lite', avatar_id: avatarId });
  const worker = await registerWorker(server, { qualities: ['lite'] });
  for (;;) {
    const next = await claimed(worker);
    if (next.session.id === sessionId) return next;
  }
}

const UNKNOWN_PORTRAIT = portraitPath('sess_01KKGP79VG6A09Y83A35BZFNZE', 1);

function portraitPath(sessionId: string, fence: number): string {
  return `/internal/v1/assignments/${sessionId}/portrait?fence=${fence}`;
}

function get(server: TestServer, path: string, key: string | null = server.keys.worker) {
  return server.request(path, { key });
}

export const workerCases: Pick<Cases, WorkerOperationId> = {
  'workers.register': {
    ...keyed(WORKERS, registration),
    201: ({ server }) => post(server, WORKERS, registration),
  },
  'workers.claim': {
    ...keyed(UNKNOWN_WORKER, {}),
    200: async ({ server }) => {
      await createSession(server, { quality: 'pro' });
      const { id } = await registerWorker(server, { qualities: ['pro'] });
      return post(server, `${WORKERS}/${id}/claim`, {});
    },
    204: async ({ server }) => {
      const { id } = await registerWorker(server, { runtime_type: 'unknown' });
      return post(server, `${WORKERS}/${id}/claim`, { wait_seconds: 0 });
    },
    404: ({ server }) => post(server, UNKNOWN_WORKER, {}),
  },
  'assignments.report': {
    ...keyed(UNKNOWN_SESSION, report),
    200: async (fixture) => {
      const { session, fence } = await assignment(fixture);
      return post(fixture.server, `/internal/v1/assignments/${session.id}/report`, { ...report, fence });
    },
    404: ({ server }) => post(server, UNKNOWN_SESSION, report),
    409: async (fixture) => {
      const { session, fence } = await assignment(fixture);
      const path = `/internal/v1/assignments/${session.id}/report`;
      return post(fixture.server, path, { ...report, fence: fence + 1 });
    },
  },
  'assignments.portrait': {
    200: async (fixture) => {
      const { id } = await readyAvatar(fixture.server);
      const { session, fence } = await assignment(fixture, id);
      return get(fixture.server, portraitPath(session.id, fence));
    },
    401: ({ server }) => get(server, UNKNOWN_PORTRAIT, null),
    403: ({ server }) => get(server, UNKNOWN_PORTRAIT, server.keys.live),
    404: ({ server }) => get(server, UNKNOWN_PORTRAIT),
    409: async (fixture) => {
      const { session, fence } = await assignment(fixture);
      return get(fixture.server, portraitPath(session.id, fence + 1));
    },
    422: ({ server }) => get(server, `${UNKNOWN_PORTRAIT}&surprise=1`),
    429: tooMuchWithoutKey(UNKNOWN_PORTRAIT, 'GET'),
    500: ({ broken }) => get(broken, UNKNOWN_PORTRAIT),
    503: ({ full }) => get(full, UNKNOWN_PORTRAIT),
  },
};
