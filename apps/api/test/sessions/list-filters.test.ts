import {
  sessionStatusFilterValues,
  sessionStatusValues,
  type SessionStatus,
  type SessionStatusFilter,
} from '@greenroom/contract';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { errorOf } from '../harness/error-response.ts';
import { idsOf } from '../harness/pages.ts';
import { idAt, insertSessions } from '../harness/rows.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

interface Row {
  id: string;
  status: SessionStatus;
  avatarId: string;
  at: number;
}

const START = Date.UTC(2026, 4, 1);
const STEP_MS = 1000;
/** Mostly one status, because filtering by a rare status is the difficult case. */
const rows: Row[] = Array.from({ length: 150 }, (_, index) => {
  const at = START + index * STEP_MS;
  const rare = index % 11 === 0 ? sessionStatusValues[(index / 11) % sessionStatusValues.length] : undefined;
  return {
    id: idAt('sess', new Date(at), index),
    status: rare ?? 'ended',
    avatarId: `av_stock_00${(index % 3) + 1}`,
    at,
  };
});

const GROUPS: Partial<Record<SessionStatusFilter, SessionStatus[]>> = {
  active: ['created', 'queued', 'starting', 'running', 'ending'],
  terminal: ['ended', 'failed', 'canceled'],
};

const statusFilters: SessionStatusFilter[][] = [
  [],
  ...sessionStatusFilterValues.map((status) => [status]),
  ['queued', 'running'],
  ['failed', 'canceled', 'created'],
  ['active', 'failed'],
  ['terminal', 'queued'],
  ['active', 'terminal'],
  ['running', 'running', 'active'],
  [...sessionStatusFilterValues],
];
const avatarFilters = [undefined, 'av_stock_002', 'av_nobody'];
const at = (index: number) => START + index * STEP_MS;
const ranges: { after?: number; before?: number }[] = [
  {},
  { after: at(40) },
  { before: at(110) },
  { after: at(40), before: at(110) },
  { after: at(110), before: at(40) },
];

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  await insertSessions(
    server.database,
    rows.map(({ id, status, avatarId }) => ({ id, status, avatarId })),
  );
  // Sessions of others, which no filter may include.
  await server.createOrg({ id: 'other' });
  const strangers = rows.map(({ at: time, ...row }, index) => ({
    ...row,
    id: idAt('sess', new Date(time), 1000 + index),
  }));
  await insertSessions(
    server.database,
    strangers.map((row, index) => (index % 2 === 0 ? { ...row, orgId: 'other' } : { ...row, mode: 'live' })),
  );
});

afterAll(() => server.close());

for (const statuses of statusFilters) {
  describe(
    statuses.length === 0 ? 'sessions of any status' : `sessions that are ${statuses.join(' or ')}`,
    () => {
      for (const avatarId of avatarFilters) {
        test(`are exactly the matching rows, with ${avatarId ?? 'any avatar'}, in every range of time`, async () => {
          const wanted = new Set(statuses.flatMap((status) => GROUPS[status] ?? [status as SessionStatus]));
          const listsExactly = async ({ after, before }: (typeof ranges)[number]) => {
            const expected = rows
              .filter(({ status }) => statuses.length === 0 || wanted.has(status))
              .filter((row) => avatarId === undefined || row.avatarId === avatarId)
              .filter(
                (row) =>
                  (after === undefined || row.at >= after) && (before === undefined || row.at < before),
              )
              .map(({ id }) => id)
              .toReversed();
            const query = new URLSearchParams(statuses.map((status): [string, string] => ['status', status]));
            if (avatarId !== undefined) query.set('avatar_id', avatarId);
            if (after !== undefined) query.set('created_after', new Date(after).toISOString());
            if (before !== undefined) query.set('created_before', new Date(before).toISOString());
            expect(await idsOf(server, `/v1/sessions?${query}&limit=60`)).toEqual(expected);
          };
          await Promise.all(ranges.map(listsExactly));
        });
      }
    },
  );
}

test.each(['sleeping', 'RUNNING', 'running,queued', ''])(
  'the status filter %j is rejected',
  async (status) => {
    const response = await server.request(`/v1/sessions?status=queued&status=${status}`);
    expect(await errorOf(response)).toEqual({ status: 400, code: 'status.unknown', param: 'status' });
  },
);
