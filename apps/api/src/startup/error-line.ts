/** Returns the message of an error for an operator, in one line. */
export function errorLine(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Prisma begins with the call, and ends with what the driver said.
  if ('clientVersion' in error) return error.message.trim().split('\n').at(-1) ?? '';
  if (error.message !== '') return error.message;
  // An attempt at several addresses has no message, and the error of each address has one.
  return error instanceof AggregateError ? errorLine(error.errors[0]) : error.name;
}
