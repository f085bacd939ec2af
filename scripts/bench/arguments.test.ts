import { expect, test } from '@jest/globals';

import { parseArguments, UsageError } from './arguments.ts';

const NAMES = { list: ['rounds'], flat: ['rounds', 'history'] } as const;
const parse = (...argv: string[]) => parseArguments(argv, NAMES);

test('a benchmark gets the given options', () => {
  expect(parse('flat', '--history', '10000', '--json', 'flat.json')).toEqual({
    name: 'flat',
    help: false,
    json: 'flat.json',
    numbers: { history: 10_000 },
  });
});

test('without a name the benchmarks are listed', () => {
  expect([parse().name, parse('--help').help]).toEqual([null, true]);
});

test.each([
  [['lst'], 'There is no benchmark "lst".'],
  [['list', 'flat'], 'Name one benchmark.'],
  [['list', '--history', '10000'], '"list" has no option --history.'],
  [['list', '--rounds', '0'], '--rounds must be an integer from 1 to 1000.'],
  [['list', '--rounds', '1e2'], '--rounds must be an integer from 1 to 1000.'],
])('%j is rejected: %s', (argv, message) => {
  expect(() => parse(...argv)).toThrow(new UsageError(message));
});

test('an unknown option is rejected', () => {
  expect(() => parse('list', '--seconds', '3')).toThrow(UsageError);
});
