const DEEPEST_CAUSE = 5;

/** Says in one line why a `fetch` failed; `fetch` itself only says "fetch failed" and hides the reason in its causes. */
export function describeCause(error: unknown): string {
  const parts: string[] = [];
  let at = error;
  for (let depth = 0; depth < DEEPEST_CAUSE && at !== undefined && at !== null; depth++) {
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

/** By its fields and not by its class: an error may come from another realm, such as a frame. */
function fieldsOf(error: unknown): Fields {
  return typeof error === 'object' && error !== null ? error : { message: error };
}

function describeFields({ message, code }: Fields): string {
  const words = typeof message === 'string' ? message : '';
  if (typeof code !== 'string' || words.includes(code)) return words;
  // Node leaves the message empty when every address of a host refused.
  return words === '' ? code : `${words} (${code})`;
}
