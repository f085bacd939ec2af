import { expect, test } from '@jest/globals';

import { flatRatio, flatTable } from './ratios.ts';

const rounds = [
  { small: [2, 2, 100], large: [3, 3, 3] },
  { small: [4, 4, 4], large: [4, 4, 400] },
  { small: [2, 2, 2], large: [1, 1, 1] },
];

test('operations are compared by the medians of each round', () => {
  expect(flatRatio(rounds)).toEqual({ smallMs: 2, largeMs: 3, median: 1, min: 0.5, max: 1.5 });
});

test('the table says whether a ratio is at most the aim', () => {
  const slow = flatRatio([{ small: [1], large: [1.5] }]);
  expect(
    flatTable(
      new Map([
        ['create', flatRatio(rounds)],
        ['usage summary', slow],
      ]),
      1.2,
    ),
  ).toEqual([
    'operation        small p50 ms  large p50 ms   ratio',
    'create                   2.00          3.00    1.00  (rounds: 0.50 to 1.50)  aim: 1.20 or less, met',
    'usage summary            1.00          1.50    1.50  (rounds: 1.50 to 1.50)  aim: 1.20 or less, not met',
  ]);
});
