import { expect, test } from '@jest/globals';

import { reportOf } from './report.ts';

const turn = (requestsPerSecond: number) => ({ requestsPerSecond, p50Ms: 2, p99Ms: 9 });

test('a report has the medians of each server and the median of the ratios per round', () => {
  const report = reportOf(
    new Map([
      ['ours', [turn(50), turn(900), turn(60), turn(70)]],
      ['floor', [turn(100), turn(100), turn(100), turn(100)]],
    ]),
  );
  expect(report.split('\n')).toEqual([
    'server     requests/s    p50 ms    p99 ms',
    'ours               65       2.0       9.0',
    'floor             100       2.0       9.0',
    '',
    'ours / floor    0.65  (rounds: 0.50 to 9.00)',
  ]);
});
