import { QUERY_TIMEOUT_MESSAGE } from './query-timeout.ts';
import { meaningOfSqlstate, type WriteOutcome } from './sqlstates.ts';

export type { WriteOutcome };

/** Node's codes of a connection that broke. */
const SOCKET_ERRORS: ReadonlyMap<string, WriteOutcome> = new Map([
  ['ECONNREFUSED', 'unchanged'],
  ['ENOTFOUND', 'unchanged'],
  ['EAI_AGAIN', 'unchanged'],
  ['EADDRNOTAVAIL', 'unchanged'],
  ['EHOSTUNREACH', 'unknown'],
  ['EHOSTDOWN', 'unknown'],
  ['ENETUNREACH', 'unknown'],
  ['ENETDOWN', 'unknown'],
  ['ENETRESET', 'unknown'],
  ['ECONNRESET', 'unknown'],
  ['ECONNABORTED', 'unknown'],
  ['ENOTCONN', 'unknown'],
  ['EPIPE', 'unknown'],
  ['EPROTO', 'unknown'],
  ['ETIMEDOUT', 'unknown'],
  // Written to after it was closed.
  ['ERR_SOCKET_CLOSED', 'unknown'],
  ['ERR_SOCKET_CLOSED_BEFORE_CONNECTION', 'unchanged'],
  ['ERR_STREAM_DESTROYED', 'unknown'],
  ['ERR_STREAM_WRITE_AFTER_END', 'unknown'],
]);

/** System calls before anything was sent. Any failure counts: a Unix socket's file may be missing or inaccessible. */
const CONNECTING = new Set(['connect', 'getaddrinfo', 'socket']);

/** OpenSSL's and Node's codes for a certificate that is not trusted, such as one that has expired. */
export const UNTRUSTED_CERTIFICATE =
  /^(?:CERT_|CRL_|DEPTH_ZERO_|ERROR_IN_C|ERR_TLS_|HOSTNAME_MISMATCH$|INVALID_(?:CA|PURPOSE)$|SELF_SIGNED_|UNABLE_TO_)/;

const PRISMA_CODES: ReadonlyMap<string, WriteOutcome> = new Map([
  // The server refused the credentials, has no such database, or no TLS that is trusted.
  ['P1000', 'unchanged'],
  ['P1003', 'unchanged'],
  ['P1010', 'unchanged'],
  ['P1011', 'unchanged'],
  // The server was unreachable or did not respond in time.
  ['P1001', 'unchanged'],
  ['P1002', 'unchanged'],
  // The connection was closed.
  ['P1017', 'unknown'],
  // No connection of the pool was free in time.
  ['P2024', 'unchanged'],
  // A deadlock or a write conflict.
  ['P2034', 'unchanged'],
  // The transaction did not start, or did not end in time.
  ['P2028', 'unknown'],
]);

/** Kinds of connection errors of Prisma's driver adapter, which have no code. Prisma reports all of them as P2010. */
const ADAPTER_KINDS: ReadonlyMap<string, WriteOutcome> = new Map([
  ['AuthenticationFailed', 'unchanged'],
  ['DatabaseAccessDenied', 'unchanged'],
  ['DatabaseDoesNotExist', 'unchanged'],
  ['DatabaseNotReachable', 'unchanged'],
  ['TlsConnectionError', 'unchanged'],
  ['TooManyConnections', 'unchanged'],
  ['TransactionWriteConflict', 'unchanged'],
  ['ConnectionClosed', 'unknown'],
  ['SocketTimeout', 'unknown'],
]);

/** Messages of the driver's errors without a code. Of a failed system call, Prisma keeps only the message. */
const MESSAGES: readonly [pattern: RegExp, outcome: WriteOutcome][] = [
  [/\b(?:connect|getaddrinfo) E[A-Z_]+/, 'unchanged'],
  [/The server does not support SSL connections|error establishing an SSL connection/, 'unchanged'],
  [/timeout exceeded when trying to connect|due to connection timeout|^timeout expired$/i, 'unchanged'],
  // The server refused the password, or did not prove that it knows it.
  [/^SASL: /, 'unchanged'],
  // The process is stopping.
  [/Cannot use a pool after calling end/, 'unchanged'],
  [/Connection terminated|Client has encountered a connection error|Client was closed/i, 'unknown'],
  // The connection lost or mixed up data. A server reports the same as 08P01.
  [/^Received unexpected \w+ message from backend|^received invalid response: /, 'unknown'],
  [new RegExp(QUERY_TIMEOUT_MESSAGE, 'i'), 'unknown'],
];

const MAX_CAUSES = 5;
const DISK_FULL = '53100';
const UNIQUE_VIOLATION = '23505';
const DIVISION_BY_ZERO = '22012';
/** A deadlock, and a lock that was not available. */
const LOCK_CONFLICTS: ReadonlySet<string> = new Set(['40P01', '55P03']);

/**
 * Returns the outcome of the writes when an error means that the database is unavailable, or null for any other error,
 * which is a bug.
 */
export function outcomeOfUnavailability(error: unknown): WriteOutcome | null {
  for (const at of causesOf(error)) {
    if (typeof at.syscall === 'string' && CONNECTING.has(at.syscall)) return 'unchanged';
    for (const code of codesOf(at)) {
      const outcome = outcomeOfCode(code);
      if (outcome !== undefined) return outcome;
    }
    const outcomeOfKind = typeof at.kind === 'string' ? ADAPTER_KINDS.get(at.kind) : undefined;
    if (outcomeOfKind !== undefined) return outcomeOfKind;
    const { message } = at;
    const match = typeof message === 'string' && MESSAGES.find(([pattern]) => pattern.test(message));
    if (match) return match[1];
  }
  return null;
}

/** Returns whether an error means that the database is unavailable, as opposed to a bug. */
export function isDatabaseUnavailable(error: unknown): boolean {
  return outcomeOfUnavailability(error) !== null;
}

/** Returns whether an error means that the database's disk is full. */
export function isOutOfSpace(error: unknown): boolean {
  return causesOf(error).some((at) => codesOf(at).includes(DISK_FULL));
}

/** Returns whether a raw statement failed because another row has the same key in a unique index. */
export function violatesUniqueIndex(error: unknown, index: string): boolean {
  return causesOf(error).some((at) => codesOf(at).includes(UNIQUE_VIOLATION) && isIndex(at, index));
}

/** Returns whether a statement divided by zero. */
export function isDivisionByZero(error: unknown): boolean {
  return causesOf(error).some((at) => codesOf(at).includes(DIVISION_BY_ZERO));
}

/** On a distributed table, only the message names the index, followed by the number of the shard. */
function isIndex(error: ErrorWithCode, index: string): boolean {
  const name = indexOf(error) ?? /"([^"]+)"/.exec(String(error.message))?.[1];
  return typeof name === 'string' && (name === index || name.replace(/_\d+$/, '') === index);
}

/** Returns whether a transaction was rolled back because of another one's locks, so that it can be repeated. */
export function isLockConflict(error: unknown): boolean {
  return causesOf(error).some((at) => codesOf(at).some((code) => LOCK_CONFLICTS.has(code)));
}

function indexOf({ constraint }: ErrorWithCode): unknown {
  if (typeof constraint !== 'object' || constraint === null) return constraint;
  return 'index' in constraint ? constraint.index : undefined;
}

function outcomeOfCode(code: string): WriteOutcome | undefined {
  if (UNTRUSTED_CERTIFICATE.test(code)) return 'unchanged';
  if (code.startsWith('ERR_SSL_')) return 'unknown';
  return meaningOfSqlstate(code) ?? SOCKET_ERRORS.get(code) ?? PRISMA_CODES.get(code);
}

interface ErrorWithCode {
  message?: unknown;
  kind?: unknown;
  code?: unknown;
  originalCode?: unknown;
  /** An object in Prisma's errors, a string in those of the driver. */
  constraint?: unknown;
  syscall?: unknown;
  cause?: unknown;
  meta?: { driverAdapterError?: unknown };
}

/** Returns the error and its causes, outermost first. */
function causesOf(error: unknown): ErrorWithCode[] {
  const causes: ErrorWithCode[] = [];
  for (let at = error; isError(at) && causes.length < MAX_CAUSES; at = causeOf(at)) causes.push(at);
  return causes;
}

function codesOf({ code, originalCode }: ErrorWithCode): string[] {
  return [code, originalCode].filter((one) => typeof one === 'string');
}

/** Prisma has the driver's error in `meta` instead of `cause`. */
function causeOf({ cause, meta }: ErrorWithCode): unknown {
  return cause ?? meta?.driverAdapterError;
}

/** Not `instanceof Error`: Node's errors are of another realm in tests, and an adapter's cause is a plain object. */
function isError(value: unknown): value is ErrorWithCode {
  return typeof value === 'object' && value !== null && ('message' in value || 'kind' in value);
}
