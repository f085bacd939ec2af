import { describe, expect, test } from '@jest/globals';

import { percentile } from '../bench/statistics.ts';
import { missedGoals, type AbuseMeasures } from '../faults/abuse/measures.ts';
import { parseResponse } from '../faults/abuse/raw-connections.ts';
import { isDocumented } from '../faults/abuse/tally.ts';

describe('a percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

  test.each([
    [0, 1],
    [0.5, 50],
    [0.99, 99],
    [1, 100],
  ])('of the share %d is the nearest rank', (share, expected) => {
    expect(percentile(hundred, share)).toBe(expected);
  });

  test('of no values is an error', () => {
    expect(() => percentile([], 0.5)).toThrow(RangeError);
  });
});

describe('the verdict on an abuse', () => {
  const phase = {
    requests: 100,
    errors: 0,
    firstError: null,
    p50Ms: 5,
    p99Ms: 10,
    longestMs: 12,
    transactionsPerSecond: 90,
    apiCores: 0.1,
    machineCores: 0.4,
  };
  const measures: AbuseMeasures = {
    before: phase,
    during: { ...phase, p99Ms: 30 },
    after: phase,
    abuser: {
      responses: { '429 rate_limit.exceeded': 10 },
      unanswered: 3,
      wrong: 0,
      firstWrong: null,
      cores: 0.2,
    },
    exited: 0,
  };

  test('misses nothing when the p99 has tripled', () => {
    expect(missedGoals(measures)).toEqual([]);
  });

  test('names each aim that was missed', () => {
    const missed = missedGoals({
      ...measures,
      during: { ...phase, p99Ms: 31 },
      after: { ...phase, errors: 2, firstError: 'list 503' },
      abuser: { ...measures.abuser, wrong: 1, firstWrong: '500 {}' },
      exited: 1,
    });
    expect(missed).toEqual([
      "the victim's p99 grew 3.1 times",
      '2 requests of the victim failed, the first: list 503',
      '1 responses to the abuser were wrong, the first: 500 {}',
      '1 API processes exited',
    ]);
  });
});

describe('a response to the abuser', () => {
  const error = (code: string) => JSON.stringify({ error: { code } });
  const refusal = (status: number, code: string, retryAfter?: string) => ({
    status,
    retryAfter,
    body: error(code),
  });

  test.each([
    ['a success', { status: 200, retryAfter: undefined, body: '' }],
    ['a refusal of the contract', refusal(429, 'rate_limit.exceeded', '1')],
    ['a 503 that says when to try again', refusal(503, 'at_capacity', '1')],
  ])('is right when it is %s', (_name, response) => {
    expect(isDocumented(response)).toBe(true);
  });

  test.each([
    ['a 500', refusal(500, 'internal')],
    ['a 503 that does not say when to try again', refusal(503, 'at_capacity')],
    ['an unknown code', refusal(429, 'slow_down')],
    ['a code of another status', refusal(400, 'rate_limit.exceeded')],
    ['no JSON', { status: 400, retryAfter: undefined, body: '<html>' }],
  ])('is wrong when it is %s', (_name, response) => {
    expect(isDocumented(response)).toBe(false);
  });

  test('is read from a raw connection', () => {
    const received = `HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\n\r\n${error('draining')}`;
    expect(parseResponse(received)).toEqual(refusal(503, 'draining', '1'));
    expect(parseResponse('')).toEqual({ status: null, retryAfter: undefined, body: '' });
  });
});
