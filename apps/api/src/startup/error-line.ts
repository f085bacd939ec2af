/** Returns one line for an operator about an error. */
export function errorLine(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Prisma's message begins with the call and ends with the driver's message.
  if ('clientVersion' in error) return error.message.trim().split('\n').at(-1) ?? '';
  if (error.message !== '') return error.message;
  // The error of a connection to several addresses has no message; the error of each address has one.
  return error instanceof AggregateError ? errorLine(error.errors[0]) : error.name;
}
