import { qualityValues } from '@greenroom/contract';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { sumUsage } from '../../src/usage/usage-repository.ts';
import { errorOf } from '../harness/error-response.ts';
import { pagesOf } from '../harness/pages.ts';
import { explaining } from '../harness/query-plan.ts';
import { read, type Schemas } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { drawing, drawUsage, insertUsage, type UsageRow } from './fixture.ts';

type Summary = Schemas['UsageSummary'];

const now = new Date();
const month = (offset: number) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset, 1));
const rows = drawUsage(400, month(-2), month(1), 2026);

const DAY_MS = 86_400_000;

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  await server.createOrg({ id: 'other' });
  const edges = [month(-1), month(0)].flatMap((edge) => [new Date(edge.getTime() - 1), edge]);
  rows.push(...edges.flatMap((at, index) => drawUsage(1, at, new Date(at.getTime() + 1), index)));
  await insertUsage(server.database, rows);
  const strangers = drawUsage(50, month(-1), month(1), 7);
  await insertUsage(server.database, strangers, { orgId: 'other', mode: 'test' });
  await insertUsage(server.database, strangers, { orgId: 'dev', mode: 'live' });
});

afterAll(() => server.close());

const summary = (query: Record<string, string> = {}, key = server.keys.test) =>
  server.request(`/v1/usage?${new URLSearchParams(query)}`, { key });

function summed(start: Date, end: Date, of = rows): Summary {
  const inside = of.filter(({ at }) => at >= start && at < end);
  const total = (some: UsageRow[]) => ({
    billable_seconds: some.reduce((sum, { seconds }) => sum + seconds, 0),
    sessions: new Set(some.map(({ sessionId }) => sessionId)).size,
  });
  return {
    period_start: start.toISOString(),
    period_end: end.toISOString(),
    ...total(inside),
    by_quality: Object.fromEntries(
      qualityValues.map((quality) => [
        quality,
        total(inside.filter((row) => row.quality === quality)).billable_seconds,
      ]),
    ) as Summary['by_quality'],
  };
}

test('the default period is the current month in UTC', async () => {
  const expected = summed(month(0), month(1));
  expect(expected.billable_seconds).toBeGreaterThan(0);
  expect(await read(summary())).toEqual(expected);
  expect(await read(summary({ period: 'current_month' }))).toEqual(expected);
});

test('the previous month ends at the start of the current one', async () => {
  expect(await read(summary({ period: 'previous_month' }))).toEqual(summed(month(-1), month(0)));
});

test('a period is the sum of its records; its start is inclusive and its end exclusive', async () => {
  const times = rows.map(({ at }) => at.getTime()).toSorted((one, other) => one - other);
  for (const [from, to] of [
    [0, 1],
    [10, 200],
    [57, 350],
    [200, 403],
  ] as const) {
    const [start, end] = [new Date(times[from] ?? 0), new Date(times[to] ?? 0)];
    const query = { period_start: start.toISOString(), period_end: end.toISOString() };
    expect(await read(summary(query))).toEqual(summed(start, end));
  }
});

test('a period with any start and end is the sum of its records, and counts each session once', async () => {
  const draw = drawing(11);
  const [first, last] = [month(-3).getTime(), month(1).getTime()];
  const scattered = drawUsage(300, month(-3), month(0), 12);
  const { live: key } = await server.createOrg({ id: 'scattered' });
  await insertUsage(server.database, scattered, { orgId: 'scattered', mode: 'live' });
  for (let round = 0; round < 50; round += 1) {
    const anywhere = () => new Date(first + draw(last - first));
    const nearMonth = () => new Date(month(draw(5) - 3).getTime() + draw(3) - 1);
    const [one, other] = [draw(2) === 0 ? anywhere() : nearMonth(), draw(2) === 0 ? anywhere() : nearMonth()];
    const [start, end] = one < other ? [one, other] : [other, new Date(one.getTime() + 1)];
    const query = { period_start: start.toISOString(), period_end: end.toISOString() };
    expect(await read(summary(query, key))).toEqual(summed(start, end, scattered));
  }
});

test.each(['custom', 'generic'] as const)(
  'a period reads only its events outside of whole months, by an index, with a %s plan',
  async (mode) => {
    const tenant = { orgId: `large-${mode}`, mode: 'live' } as const;
    await server.createOrg({ id: tenant.orgId });
    const many = drawUsage(20_000, month(-2), month(0), 5);
    await server.database.pool.query(
      `INSERT INTO usage_events (org_id, mode, id, session_id, quality, interval_start, interval_end, billable_seconds,
                                 multiplier, credits)
       SELECT $1, $2, id, session_id, 'standard', now(), now(), 1, 1, 1
         FROM unnest($3::text[], $4::text[]) AS event (id, session_id)`,
      [tenant.orgId, tenant.mode, many.map(({ id }) => id), many.map(({ sessionId }) => sessionId)],
    );
    await server.database.pool.query('ANALYZE usage_events');
    const { database, planOf } = explaining(server.database, mode);
    const at = (time: Date, days: number) => new Date(time.getTime() + days * DAY_MS);
    const readBy = async (start: Date, end: Date) => {
      await sumUsage(database, tenant, { start, end }, month(1));
      const steps = planOf();
      expect(steps.filter(({ table, type }) => table === 'usage_events' && type === 'Seq Scan')).toEqual([]);
      const byTime = steps.filter(({ index }) => index === 'usage_events_pkey');
      return byTime.reduce((total, { rowsRead }) => total + rowsRead, 0);
    };
    const count = (start: Date, end: Date) =>
      many.filter(({ at: time }) => time >= start && time < end).length;
    // The first subtracts the start and adds the end; the second does the opposite.
    const late = [at(month(-2), 1), at(month(-1), 1)] as const;
    expect(await readBy(...late)).toBe(count(month(-2), late[0]) + count(month(-1), late[1]));
    const early = [at(month(-1), -1), at(month(0), -1)] as const;
    expect(await readBy(...early)).toBe(count(early[0], month(-1)) + count(early[1], month(0)));
    const within = [at(month(-1), 1), at(month(0), -1)] as const;
    expect(await readBy(...within)).toBe(count(month(-1), within[0]) + count(within[1], month(0)));
    const short = [at(month(-1), 3), at(month(-1), 4)] as const;
    expect(await readBy(...short)).toBe(count(...short));
    expect(await readBy(month(-2), month(0))).toBe(0);
  },
);

test('a session that continues into another month is counted once', async () => {
  const [start, end] = [month(-2), month(1)];
  const expected = summed(start, end);
  const each = [-2, -1, 0].map((offset) => summed(month(offset), month(offset + 1)).sessions);
  expect(each.reduce((total, count) => total + count, 0)).toBeGreaterThan(expected.sessions);
  const query = { period_start: start.toISOString(), period_end: end.toISOString() };
  expect(await read(summary(query))).toEqual(expected);
});

test('the summary equals the sum of the listed usage events of the same period', async () => {
  const [from, to] = [month(-1).toISOString(), month(0).toISOString()];
  const pages = await pagesOf<Schemas['UsageEvent']>(
    server,
    `/v1/usage/events?created_after=${from}&created_before=${to}&limit=37`,
  );
  const events = pages.flat();
  const total = await read<Summary>(summary({ period_start: from, period_end: to }));
  expect(total.billable_seconds).toBe(events.reduce((sum, event) => sum + event.billable_seconds, 0));
  expect(total.sessions).toBe(new Set(events.map((event) => event.session_id)).size);
});

test('a period without use is all zeros', async () => {
  expect(
    await read(summary({ period_start: '2001-01-01T00:00:00Z', period_end: '2001-02-01T00:00:00Z' })),
  ).toEqual({
    period_start: '2001-01-01T00:00:00.000Z',
    period_end: '2001-02-01T00:00:00.000Z',
    billable_seconds: 0,
    sessions: 0,
    by_quality: { mock: 0, lite: 0, standard: 0, pro: 0 },
  });
});

const [DAY, NEXT] = ['2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z'];
test.each([
  ['a named period and a start', { period: 'current_month', period_start: DAY }, 'period'],
  ['a named period and an end', { period: 'previous_month', period_end: NEXT }, 'period'],
  ['a named period and both', { period: 'current_month', period_start: DAY, period_end: NEXT }, 'period'],
  ['a start without an end', { period_start: DAY }, 'period_end'],
  ['an end without a start', { period_end: NEXT }, 'period_start'],
  ['an end before the start', { period_start: NEXT, period_end: DAY }, 'period_end'],
  ['an end at the start', { period_start: DAY, period_end: DAY }, 'period_end'],
])('%s contradict each other', async (_name, query, param) => {
  expect(await errorOf(await summary(query))).toEqual({ status: 400, code: 'period.contradictory', param });
});

test('an unknown period name is rejected', async () => {
  const refused = { status: 422, code: 'parameter.invalid', param: 'period' };
  expect(await errorOf(await summary({ period: 'last_week' }))).toEqual(refused);
});
