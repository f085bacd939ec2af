import { operationPaths } from '@greenroom/contract';

import { insertHistory } from '../insert-history.ts';
import { assignSessions, reportRequest } from './assignments.ts';
import { LIMIT, type Scenario, type ScenarioContext } from './scenario.ts';
import { createRequests } from './sessions.ts';

/** Connections of the load of one caller. */
const CONNECTIONS = 16;
const HISTORY = 100_000;
const MANY_ORGANISATIONS = 50;
/** Differs from the fence and the lease, so that the recorded statements show where the counters are. */
const FIRST_FRAME_COUNT = 1_000;
/** Sessions that are reported on. */
const ASSIGNMENTS = 200;
const WRITE_AIMS = { floor: 0.5, peer: 1.25 } as const;

const one = { organisations: 1, connections: CONNECTIONS } as const;
const many = { organisations: MANY_ORGANISATIONS, connections: MANY_ORGANISATIONS } as const;
const read = { isRead: true } as const;
const write = { isRead: false, requestsPerTurn: 400 } as const;

const list: Scenario = {
  ...{ ...one, ...read },
  title: `GET /v1/sessions, ${LIMIT} of ${HISTORY.toLocaleString('en')}`,
  aims: { floor: 0.75 },
  requestsPerTurn: 2_000,
  async prepare(context) {
    const { key } = await withHistory(context);
    const request = {
      method: 'GET',
      path: `${operationPaths['sessions.list']}?limit=${LIMIT}`,
      key,
    } as const;
    return (count) => Promise.resolve(Array.from({ length: count }, () => request));
  },
};

const get: Scenario = {
  ...{ ...one, ...read },
  title: `GET /v1/sessions/{session_id}, one of ${HISTORY.toLocaleString('en')}`,
  aims: { floor: 0.6 },
  requestsPerTurn: 5_000,
  async prepare(context) {
    const { orgId, key } = await withHistory(context);
    const { rows } = await context.database.pool.query<{ id: string }>(
      'SELECT id FROM sessions WHERE org_id = $1 ORDER BY random() LIMIT 10000',
      [orgId],
    );
    let next = 0;
    return (count) => {
      const requests = Array.from({ length: count }, () => {
        const { id = '' } = rows[(next += 1) % rows.length] ?? {};
        return { method: 'GET' as const, path: pathOf('sessions.get', id), key };
      });
      return Promise.resolve(requests);
    };
  },
};

function create(load: typeof one | typeof many): Scenario {
  return {
    ...{ ...load, ...write },
    title: `POST /v1/sessions, ${callers(load)}`,
    aims: WRITE_AIMS,
    prepare({ organisations }) {
      return Promise.resolve((count) => createRequests(organisations, count));
    },
  };
}

function end(load: typeof one | typeof many): Scenario {
  return {
    ...{ ...load, ...write },
    title: `POST /v1/sessions/{session_id}/end, ${callers(load)}`,
    aims: WRITE_AIMS,
    prepare({ createSessions }) {
      return Promise.resolve(async (count) =>
        (await createSessions(count)).map(({ id, key }) => ({
          method: 'POST' as const,
          path: pathOf('sessions.end', id),
          key,
        })),
      );
    },
  };
}

const report: Scenario = {
  ...{ ...one, isRead: false },
  title: `POST /v1/assignments/{session_id}/report, ${ASSIGNMENTS} running sessions`,
  aims: { floor: 0.6 },
  requestsPerTurn: 4_000,
  async prepare(context) {
    const assignments = await assignSessions(context, ASSIGNMENTS);
    let next = FIRST_FRAME_COUNT;
    return (count) => {
      const requests = Array.from({ length: count }, () => {
        next += 1;
        const assignment = assignments[next % assignments.length];
        if (assignment === undefined) throw new Error('There are no assignments.');
        return reportRequest(context.workerKey, assignment, next);
      });
      return Promise.resolve(requests);
    };
  },
};

/** The operations that are compared, by the names of their benchmarks. */
export const scenarios = {
  list: [list],
  get: [get],
  create: [create(one), create(many)],
  end: [end(one), end(many)],
  report: [report],
} satisfies Record<string, Scenario[]>;

async function withHistory({ databaseUrl, organisations: [organisation], signal }: ScenarioContext) {
  if (organisation === undefined) throw new Error('There is no organisation.');
  await insertHistory({ databaseUrl, orgId: organisation.orgId, sessions: HISTORY, signal });
  return organisation;
}

function callers({ organisations }: typeof one | typeof many): string {
  return organisations === 1 ? 'one organisation' : `${organisations} organisations`;
}

function pathOf(operation: 'sessions.get' | 'sessions.end', id: string): string {
  return operationPaths[operation].replace('{session_id}', id);
}
