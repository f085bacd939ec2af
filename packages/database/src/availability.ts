/**
 * SQLSTATEs by which PostgreSQL says that it cannot serve now (appendix A of its manual): connection
 * exceptions (08), too many connections, shutting down or starting up.
 */
const SQLSTATES = /^(?:08...|53300|57P0[1-3])$/;
const SOCKET_ERRORS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
]);
/** Prisma: cannot reach, timed out reaching, connection closed, no connection in time, no transaction in time. */
const PRISMA_CODES = new Set(['P1001', 'P1002', 'P1017', 'P2024', 'P2028']);
/** What the driver says without a code. */
const MESSAGES =
  /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error/i;

/** Whether an error of this package means that the database could not be reached, as opposed to a fault of ours. */
export function isDatabaseUnavailable(error: unknown): boolean {
  for (let at = error, depth = 0; isError(at) && depth < 5; at = causeOf(at), depth += 1) {
    const codes = [at.code, at.originalCode];
    if (
      codes.some(
        (code) =>
          typeof code === 'string' &&
          (SQLSTATES.test(code) || SOCKET_ERRORS.has(code) || PRISMA_CODES.has(code)),
      )
    ) {
      return true;
    }
    if (MESSAGES.test(at.message)) return true;
  }
  return false;
}

interface ErrorWithCode {
  message: string;
  code?: unknown;
  originalCode?: unknown;
  cause?: unknown;
  meta?: { driverAdapterError?: unknown };
}

/** Prisma gives what the driver threw in `meta`, not as the cause. */
function causeOf({ cause, meta }: ErrorWithCode): unknown {
  return cause ?? meta?.driverAdapterError;
}

/** By its shape: an error of Node's own is no `Error` of a realm such as a test's. */
function isError(value: unknown): value is ErrorWithCode {
  return (
    typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string'
  );
}
