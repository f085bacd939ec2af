import { expect, test } from '@jest/globals';

import { outcomeOfUnavailability } from './availability.ts';

const withCode = (code: string): Error => Object.assign(new Error('from the database'), { code });

test.each([
  ['08001', 'unchanged'],
  ['08006', 'unknown'],
  ['08P01', 'unknown'],
  ['25006', 'unchanged'],
  ['25P03', 'unchanged'],
  ['40001', 'unchanged'],
  ['40003', 'unknown'],
  ['40P01', 'unchanged'],
  ['53100', 'unchanged'],
  ['53200', 'unchanged'],
  ['53300', 'unchanged'],
  ['55P03', 'unchanged'],
  ['57014', 'unchanged'],
  ['57P01', 'unknown'],
  ['57P02', 'unknown'],
  ['57P03', 'unchanged'],
  ['57P04', 'unknown'],
  ['58030', 'unknown'],
  ['ECONNREFUSED', 'unchanged'],
  ['ECONNRESET', 'unknown'],
  ['P2024', 'unchanged'],
  ['P2028', 'unknown'],
])('%s means that the database is unavailable, with the outcome %s', (code, outcome) => {
  expect(outcomeOfUnavailability(withCode(code))).toBe(outcome);
});

test.each(['22P02', '23505', '42P01', '42601', 'XX000', 'XX001', 'P2002', 'P2025'])(
  '%s is a bug or needs an operator, so retrying does not help',
  (code) => {
    expect(outcomeOfUnavailability(withCode(code))).toBeNull();
  },
);

test('an error wrapped by Prisma is recognised', () => {
  const driverAdapterError = Object.assign(new Error('wrapped'), {
    cause: { message: '', originalCode: '25006' },
  });
  const error = Object.assign(new Error('raw query failed'), { code: 'P2010', meta: { driverAdapterError } });
  expect(outcomeOfUnavailability(error)).toBe('unchanged');
});

test.each([
  ['ConnectionClosed', 'unknown'],
  ['DatabaseNotReachable', 'unchanged'],
  ['SocketTimeout', 'unknown'],
  ['TooManyConnections', 'unchanged'],
  ['InvalidInputValue', null],
])('a connection error that Prisma reports only by its kind: %s', (kind, outcome) => {
  const driverAdapterError = Object.assign(new Error(kind), { cause: { kind } });
  const error = Object.assign(new Error('Raw query failed. Code: `N/A`.'), {
    code: 'P2010',
    meta: { driverAdapterError },
  });
  expect(outcomeOfUnavailability(error)).toBe(outcome);
});

test.each([
  ['timeout exceeded when trying to connect', 'unchanged'],
  ['Connection terminated due to connection timeout', 'unchanged'],
  ['Connection terminated unexpectedly', 'unknown'],
  ['Query read timeout', 'unknown'],
])('an error of the driver without a code: %s', (message, outcome) => {
  expect(outcomeOfUnavailability(new Error(message))).toBe(outcome);
});
