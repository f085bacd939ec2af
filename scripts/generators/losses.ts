/** Compares what a client has made of a body with what it was given, and returns where something is lost or changed. */
export function losses(expected: unknown, found: unknown, at = ''): string[] {
  if (typeof expected !== 'object' || expected === null) {
    return same(expected, found) ? [] : [`${at || '/'}: ${shown(found)} and not ${shown(expected)}`];
  }
  if (typeof found !== 'object' || found === null || Array.isArray(found) !== Array.isArray(expected)) {
    return [`${at || '/'}: ${shown(found)} and not ${shown(expected)}`];
  }
  return Object.entries(expected).flatMap(([key, value]) =>
    losses(value, (found as Record<string, unknown>)[key], `${at}/${key}`),
  );
}

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** A client may write a moment in another way. */
function same(expected: unknown, found: unknown): boolean {
  if (expected === found) return true;
  const moments = [expected, found].map((value) =>
    typeof value === 'string' && DATE_TIME.test(value) ? Date.parse(value) : NaN,
  );
  return moments[0] === moments[1];
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
