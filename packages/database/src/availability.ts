import { QUERY_TIMEOUT_MESSAGE } from './query-timeout.ts';

/** Whether a statement that failed may have written something. */
export type Outcome = 'unchanged' | 'unknown';

/**
 * SQLSTATEs (PostgreSQL manual, appendix A) that mean that the database is unavailable and the caller may retry, with
 * the outcome of the writes. All others are bugs. The first match wins.
 */
const SQLSTATES: readonly [pattern: RegExp, outcome: Outcome][] = [
  // The server refused the connection or was unreachable, so nothing was sent.
  [/^0800[14]$/, 'unchanged'],
  // Other connection exceptions: the connection may have broken between a commit and its confirmation.
  [/^08/, 'unknown'],
  // Shutting down, crashed, database dropped, idle session ended: the connection broke.
  [/^57P0[1245]$/, 'unknown'],
  // Starting up.
  [/^57P03$/, 'unchanged'],
  // The statement was canceled by its timeout or an operator, so its transaction was rolled back.
  [/^57014$/, 'unchanged'],
  // A transaction was left idle for too long and was rolled back.
  [/^25P0[34]$/, 'unchanged'],
  // A standby after a failover, or a server that was made read-only.
  [/^25006$/, 'unchanged'],
  // Out of disk, memory, connections or another configured limit.
  [/^53/, 'unchanged'],
  // A lock could not be acquired in time.
  [/^55P03$/, 'unchanged'],
  // Serialization failure, deadlock.
  [/^40(?:001|P01)$/, 'unchanged'],
  // The result of the commit is unknown.
  [/^40003$/, 'unknown'],
  // The operating system or the storage failed.
  [/^58/, 'unknown'],
];

const SOCKET_ERRORS: ReadonlyMap<string, Outcome> = new Map([
  ['ECONNREFUSED', 'unchanged'],
  ['ENOTFOUND', 'unchanged'],
  ['EAI_AGAIN', 'unchanged'],
  ['EHOSTUNREACH', 'unchanged'],
  ['ENETUNREACH', 'unchanged'],
  ['ECONNRESET', 'unknown'],
  ['EPIPE', 'unknown'],
  ['ETIMEDOUT', 'unknown'],
]);

const PRISMA_CODES: ReadonlyMap<string, Outcome> = new Map([
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
const ADAPTER_KINDS: ReadonlyMap<string, Outcome> = new Map([
  ['DatabaseNotReachable', 'unchanged'],
  ['TooManyConnections', 'unchanged'],
  ['TransactionWriteConflict', 'unchanged'],
  ['ConnectionClosed', 'unknown'],
  ['SocketTimeout', 'unknown'],
]);

/** Messages of the driver's errors without a code. */
const MESSAGES: readonly [pattern: RegExp, outcome: Outcome][] = [
  [/timeout exceeded when trying to connect|due to connection timeout/i, 'unchanged'],
  [/Connection terminated|Client has encountered a connection error|Client was closed/i, 'unknown'],
  [new RegExp(QUERY_TIMEOUT_MESSAGE, 'i'), 'unknown'],
];

const MAX_CAUSES = 5;
const DISK_FULL = '53100';

/**
 * Returns the outcome of the writes when an error means that the database is unavailable, or null for any other error,
 * which is a bug.
 */
export function outcomeOfUnavailability(error: unknown): Outcome | null {
  for (const at of causesOf(error)) {
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

function outcomeOfCode(code: string): Outcome | undefined {
  const sqlstate = /^[0-9A-Z]{5}$/.test(code) ? SQLSTATES.find(([pattern]) => pattern.test(code)) : undefined;
  return sqlstate?.[1] ?? SOCKET_ERRORS.get(code) ?? PRISMA_CODES.get(code);
}

interface ErrorWithCode {
  message?: unknown;
  kind?: unknown;
  code?: unknown;
  originalCode?: unknown;
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
