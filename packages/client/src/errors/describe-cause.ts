const MAX_DEPTH = 5;

/**
 * Returns why a `fetch` failed, in one line. The error's own message is only "fetch failed"; its causes have the
 * reason.
 */
export function describeCause(error: unknown): string {
  const parts: string[] = [];
  let at = error;
  for (let depth = 0; depth < MAX_DEPTH && at !== undefined && at !== null; depth++) {
    const fields = fieldsOf(at);
    const part = describeFields(fields);
    if (part !== '' && !parts.includes(part)) parts.push(part);
    at = fields.cause;
  }
  return parts.join(': ') || 'unknown reason';
}

interface Fields {
  readonly message?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
}

/** Does not use `instanceof`: an error may come from another realm, such as a frame. */
function fieldsOf(error: unknown): Fields {
  return typeof error === 'object' && error !== null ? error : { message: error };
}

function describeFields({ message, code }: Fields): string {
  const words = typeof message === 'string' ? message : '';
  if (typeof code !== 'string' || words.includes(code)) return words;
  // Node leaves the message empty when all addresses of a host refuse the connection.
  return words === '' ? code : `${words} (${code})`;
}
