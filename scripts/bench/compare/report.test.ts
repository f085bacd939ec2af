import { expect, test } from '@jest/globals';

import { ratiosOf, reportOf } from './report.ts';

const turn = (requestsPerSecond: number) => ({ requestsPerSecond, p50Ms: 2, p99Ms: 9 });

const comparison = {
  title: 'GET /v1/things',
  aims: { floor: 0.75 },
  turns: new Map([
    ['ours', [turn(50), turn(900), turn(75), turn(25)]],
    ['floor', [turn(100), turn(100), turn(100), turn(100)]],
    ['peer', [turn(100), turn(90), turn(75), turn(50)]],
  ]),
};

test('a report has the medians of each server, and the median and range of the ratios per round', () => {
  expect(reportOf(comparison)).toEqual([
    'GET /v1/things',
    '',
    'server     requests/s    p50 ms    p99 ms',
    'ours               63       2.0       9.0',
    'floor             100       2.0       9.0',
    'peer               83       2.0       9.0',
    '',
    'ours / floor    0.63  (rounds: 0.25 to 9.00)  aim: 0.75 or more, not met',
    'ours / peer     0.75  (rounds: 0.50 to 10.00)',
  ]);
});

test('an aim is met when the median ratio reaches it', () => {
  const [, , , , , , , floor, peer] = reportOf({ ...comparison, aims: { floor: 0.625, peer: 1.25 } });
  expect([floor, peer]).toEqual([expect.stringMatching(/, met$/), expect.stringMatching(/, not met$/)]);
});

test('ratios compare the turns of the same round', () => {
  expect(ratiosOf(comparison)).toEqual([
    { to: 'floor', aim: 0.75, rounds: [0.5, 9, 0.75, 0.25], median: 0.625, min: 0.25, max: 9 },
    { to: 'peer', aim: undefined, rounds: [0.5, 10, 1, 0.5], median: 0.75, min: 0.5, max: 10 },
  ]);
});
