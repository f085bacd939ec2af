/** Compares the body that a client wrote with the one that it read. Returns the paths of lost or changed values. */
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

/** Compares times by value, because a client may write them in another format. */
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
