import { expect, test } from '@jest/globals';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';

import { outcomeOfUnavailability, violatesUniqueIndex } from './availability.ts';
import { openDatabase } from './database.ts';
import { PrismaClient } from './generated/prisma/client.ts';
import { meaningOfSqlstate } from './sqlstates.ts';

/** The classes of the manual's appendix A. */
const SQLSTATE_CLASSES = [
  ...[
    '00',
    '01',
    '02',
    '03',
    '08',
    '09',
    '0A',
    '0B',
    '0F',
    '0L',
    '0P',
    '0Z',
    '10',
    '20',
    '21',
    '22',
    '23',
    '24',
  ],
  ...[
    '25',
    '26',
    '27',
    '28',
    '2B',
    '2D',
    '2F',
    '34',
    '38',
    '39',
    '3B',
    '3D',
    '3F',
    '40',
    '42',
    '44',
    '53',
    '54',
  ],
  ...['55', '57', '58', '72', 'F0', 'HV', 'P0', 'XX'],
];

test('every SQLSTATE class has an explicit meaning', () => {
  const unlisted = SQLSTATE_CLASSES.filter((each) => meaningOfSqlstate(`${each}000`) === undefined);
  expect(unlisted).toEqual([]);
});

const withCode = (code: string): Error => Object.assign(new Error('from the database'), { code });

test.each([
  ['08001', 'unchanged'],
  ['08006', 'unknown'],
  ['08P01', 'unknown'],
  ['25006', 'unchanged'],
  ['25P03', 'unchanged'],
  ['28000', 'unchanged'],
  ['28P01', 'unchanged'],
  ['3D000', 'unchanged'],
  ['40000', 'unchanged'],
  ['40001', 'unchanged'],
  ['40003', 'unknown'],
  ['40P01', 'unchanged'],
  ['53100', 'unchanged'],
  ['53200', 'unchanged'],
  ['53300', 'unchanged'],
  ['53400', 'unchanged'],
  ['54000', 'unchanged'],
  ['55006', 'unchanged'],
  ['55P03', 'unchanged'],
  ['57000', 'unknown'],
  ['57014', 'unchanged'],
  ['57P01', 'unknown'],
  ['57P02', 'unknown'],
  ['57P03', 'unchanged'],
  ['57P04', 'unknown'],
  ['57P05', 'unknown'],
  ['58030', 'unknown'],
  ['ECONNREFUSED', 'unchanged'],
  ['ECONNRESET', 'unknown'],
  ['ECONNABORTED', 'unknown'],
  ['ENETDOWN', 'unknown'],
  ['ENOTCONN', 'unknown'],
  ['ERR_SOCKET_CLOSED', 'unknown'],
  ['ERR_SOCKET_CLOSED_BEFORE_CONNECTION', 'unchanged'],
  ['ERR_STREAM_DESTROYED', 'unknown'],
  ['ERR_STREAM_WRITE_AFTER_END', 'unknown'],
  ['CERT_HAS_EXPIRED', 'unchanged'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'unchanged'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'unchanged'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'unknown'],
  ['P1000', 'unchanged'],
  ['P2024', 'unchanged'],
  ['P2028', 'unknown'],
])('%s means that the database is unavailable, with the outcome %s', (code, outcome) => {
  expect(outcomeOfUnavailability(withCode(code))).toBe(outcome);
});

test.each(['ENOENT', 'EACCES', 'ETIMEDOUT', 'EMFILE'])(
  'a connection that failed with %s has changed nothing',
  (code) => {
    const error = Object.assign(new Error('connect'), { code, errno: -1, syscall: 'connect' });
    expect(outcomeOfUnavailability(error)).toBe('unchanged');
  },
);

test('a missing file does not mean that the database is unavailable', () => {
  const error = Object.assign(new Error('open'), { code: 'ENOENT', errno: -2, syscall: 'open' });
  expect(outcomeOfUnavailability(error)).toBeNull();
});

test('a Unix socket without its file means that the database is unavailable', async () => {
  const database = openDatabase('postgres:///greenroom?host=/nonexistent', {
    poolSize: 1,
    applicationName: 'greenroom-test',
  });
  for (const query of [() => database.pool.query('SELECT 1'), () => database.prisma.$queryRaw`SELECT 1`]) {
    const error = await query().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(outcomeOfUnavailability(error)).toBe('unchanged');
  }
  await database.close();
});

test.each([
  '22P02',
  '23505',
  '25P02',
  '40002',
  '55000',
  '42P01',
  '42601',
  'XX000',
  'XX001',
  'P2002',
  'P2025',
])('%s is a bug or needs an operator, so retrying does not help', (code) => {
  expect(outcomeOfUnavailability(withCode(code))).toBeNull();
});

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
  ['AuthenticationFailed', 'unchanged'],
  ['DatabaseDoesNotExist', 'unchanged'],
  ['TlsConnectionError', 'unchanged'],
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
  ['timeout expired', 'unchanged'],
  ['Cannot use a pool after calling end on the pool', 'unchanged'],
  ['SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string', 'unchanged'],
  ['Connection terminated unexpectedly', 'unknown'],
  ['Client has encountered a connection error and is not queryable', 'unknown'],
  ['Client was closed and is not queryable', 'unknown'],
  ['Received unexpected commandComplete message from backend.', 'unknown'],
  ['received invalid response: 0', 'unknown'],
  ['Query read timeout', 'unknown'],
])('an error of the driver without a code: %s', (message, outcome) => {
  expect(outcomeOfUnavailability(new Error(message))).toBe(outcome);
});

test('an error of the driver means the same when Prisma passes it on', async () => {
  const ofSystem = (code: string, syscall: string) =>
    Object.assign(new Error(`${syscall} ${code}`), { code, errno: -1, syscall });
  const ofServer = (code: string) => Object.assign(new Error('from the server'), { code, severity: 'ERROR' });
  const errors = [
    ...['EPIPE', 'ECONNRESET', 'EHOSTUNREACH'].map((code) => ofSystem(code, 'write')),
    ...['ECONNREFUSED', 'ENOENT'].map((code) => ofSystem(code, 'connect')),
    ...['25006', '25P03', '26000', '28P01', '3D000', '40001', '40P01', '53100', '53300'].map(ofServer),
    ...['55P03', '57014', '57P01', '57P02', '57P03', '58030', '08006', '42P01', 'XX000'].map(ofServer),
    withCode('CERT_HAS_EXPIRED'),
    withCode('ERR_STREAM_DESTROYED'),
    new Error('Connection terminated unexpectedly'),
    new Error('timeout exceeded when trying to connect'),
    new Error('Query read timeout'),
    new Error('a bug'),
  ];
  const pool = new pg.Pool();
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  for (const error of errors) {
    Object.assign(pool, { query: () => Promise.reject(error) });
    for (const query of [() => prisma.$queryRaw`SELECT 1`, () => prisma.plan.count()]) {
      const [result] = await Promise.allSettled([query()]);
      const passedOn: unknown = result.status === 'rejected' ? result.reason : null;
      expect([error, outcomeOfUnavailability(passedOn)]).toEqual([error, outcomeOfUnavailability(error)]);
    }
  }
  await prisma.$disconnect();
});

test.each([
  ['sessions_live_seat_key', true],
  ['sessions_live_seat_key_102044', true],
  ['sessions_pkey_102044', false],
])('a violation that names %s in its message only is recognised: %s', (index, expected) => {
  const message = `duplicate key value violates unique constraint "${index}"`;
  const error = Object.assign(new Error(message), { code: '23505' });
  expect(violatesUniqueIndex(error, 'sessions_live_seat_key')).toBe(expected);
});
