import { describe, expect, test } from '@jest/globals';

import { periodOf } from './period.ts';

const iso = (query: Parameters<typeof periodOf>[0], now: string) => {
  const { start, end } = periodOf(query, new Date(now));
  return [start.toISOString().slice(0, 10), end.toISOString().slice(0, 10)];
};
function errorOf(query: Parameters<typeof periodOf>[0]): unknown {
  try {
    return periodOf(query, new Date());
  } catch (error) {
    return error;
  }
}

describe('months are whole, in UTC', () => {
  test.each([
    ['2026-03-15T12:00:00Z', 'current_month', '2026-03-01', '2026-04-01'],
    ['2026-03-31T23:59:59.999Z', 'current_month', '2026-03-01', '2026-04-01'],
    ['2026-03-01T00:00:00Z', 'previous_month', '2026-02-01', '2026-03-01'],
    ['2026-01-31T00:00:00Z', 'previous_month', '2025-12-01', '2026-01-01'],
    ['2026-12-31T00:00:00Z', 'current_month', '2026-12-01', '2027-01-01'],
  ] as const)('at %s the %s is %s to %s', (now, period, start, end) => {
    expect(iso({ period }, now)).toEqual([start, end]);
  });

  test('and the current one is the default', () => {
    expect(iso({}, '2026-03-15T12:00:00Z')).toEqual(['2026-03-01', '2026-04-01']);
  });
});

test('a given period is used unchanged', () => {
  expect(
    iso({ period_start: '2026-01-05T00:00:00Z', period_end: '2026-02-07T00:00:00Z' }, '2026-03-01T00:00:00Z'),
  ).toEqual(['2026-01-05', '2026-02-07']);
});

test('contradictory parameters are rejected with the name of one of them', () => {
  const CONTRADICTORY = { code: 'period.contradictory' };
  const [start, end] = ['2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'];
  expect(errorOf({ period: 'current_month', period_start: start, period_end: end })).toMatchObject({
    ...CONTRADICTORY,
    param: 'period',
  });
  expect(errorOf({ period: 'current_month', period_end: end })).toMatchObject({
    ...CONTRADICTORY,
    param: 'period',
  });
  expect(errorOf({ period_start: start })).toMatchObject({ ...CONTRADICTORY, param: 'period_end' });
  expect(errorOf({ period_end: end })).toMatchObject({ ...CONTRADICTORY, param: 'period_start' });
  expect(errorOf({ period_start: end, period_end: start })).toMatchObject({
    ...CONTRADICTORY,
    param: 'period_end',
  });
  expect(errorOf({ period_start: start, period_end: start })).toMatchObject({
    ...CONTRADICTORY,
    param: 'period_end',
  });
});
