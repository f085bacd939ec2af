import { QUERY_TIMEOUT_MESSAGE } from './query-timeout.ts';

/** Whether something may have been written although an error came instead of a result. */
export type Outcome = 'unchanged' | 'unknown';

/**
 * The SQLSTATEs (PostgreSQL's manual, appendix A) by which the database says that it cannot serve now and the caller
 * may try again, and what is known of the writes. All others are faults of ours. First match wins.
 */
const SQLSTATES: readonly [pattern: RegExp, outcome: Outcome][] = [
  // The server rejected the connection, or could not be reached: nothing was sent.
  [/^0800[14]$/, 'unchanged'],
  // Other connection exceptions: the connection broke, maybe between a commit and its confirmation.
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
  // A lock could not be had in time.
  [/^55P03$/, 'unchanged'],
  // Serialization failure, deadlock.
  [/^40(?:001|P01)$/, 'unchanged'],
  // The commit's result is not known.
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
  // The server could not be reached, or not in time.
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

/** What Prisma's driver adapter calls errors of a connection, without a code; its own error says P2010 of all. */
const ADAPTER_KINDS: ReadonlyMap<string, Outcome> = new Map([
  ['DatabaseNotReachable', 'unchanged'],
  ['TooManyConnections', 'unchanged'],
  ['TransactionWriteConflict', 'unchanged'],
  ['ConnectionClosed', 'unknown'],
  ['SocketTimeout', 'unknown'],
]);

/** What the driver says without a code. */
const MESSAGES: readonly [pattern: RegExp, outcome: Outcome][] = [
  [/timeout exceeded when trying to connect|due to connection timeout/i, 'unchanged'],
  [/Connection terminated|Client has encountered a connection error|Client was closed/i, 'unknown'],
  [new RegExp(QUERY_TIMEOUT_MESSAGE, 'i'), 'unknown'],
];

const MAX_CAUSES = 5;
const DISK_FULL = '53100';

/**
 * Returns null where an error is a fault of ours. Where it means that the database cannot serve now, returns whether
 * something may have been written.
 */
export function outcomeOfUnavailability(error: unknown): Outcome | null {
  for (const at of causesOf(error)) {
    for (const code of codesOf(at)) {
      const outcome = outcomeOfCode(code);
      if (outcome !== undefined) return outcome;
    }
    const ofKind = typeof at.kind === 'string' ? ADAPTER_KINDS.get(at.kind) : undefined;
    if (ofKind !== undefined) return ofKind;
    const { message } = at;
    const said = typeof message === 'string' && MESSAGES.find(([pattern]) => pattern.test(message));
    if (said) return said[1];
  }
  return null;
}

/** Whether an error of this package means that the database cannot serve now, as opposed to a fault of ours. */
export function isDatabaseUnavailable(error: unknown): boolean {
  return outcomeOfUnavailability(error) !== null;
}

/** Whether the database has no space left to write. */
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

/** The error and what caused it, outermost first. */
function causesOf(error: unknown): ErrorWithCode[] {
  const causes: ErrorWithCode[] = [];
  for (let at = error; isError(at) && causes.length < MAX_CAUSES; at = causeOf(at)) causes.push(at);
  return causes;
}

function codesOf({ code, originalCode }: ErrorWithCode): string[] {
  return [code, originalCode].filter((one) => typeof one === 'string');
}

/** Prisma gives what the driver threw in `meta`, not as the cause. */
function causeOf({ cause, meta }: ErrorWithCode): unknown {
  return cause ?? meta?.driverAdapterError;
}

/** By its shape: an error of Node's own is no `Error` of a realm such as a test's, and an adapter's cause is none. */
function isError(value: unknown): value is ErrorWithCode {
  return typeof value === 'object' && value !== null && ('message' in value || 'kind' in value);
}
