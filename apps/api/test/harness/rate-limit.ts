export interface RateLimit {
  quota: number;
  windowSeconds: number;
  remaining: number;
  resetSeconds: number;
}

/** Returns the announced limits of a response, by policy. */
export function rateLimitOf({ headers }: Response): Map<string, RateLimit> {
  const policies = itemsOf(headers.get('ratelimit-policy'));
  const states = itemsOf(headers.get('ratelimit'));
  return new Map(
    [...policies].map(([name, { q = NaN, w = NaN }]) => {
      const { r = NaN, t = NaN } = states.get(name) ?? {};
      return [name, { quota: q, windowSeconds: w, remaining: r, resetSeconds: t }];
    }),
  );
}

/** Returns whether the headers announce a limit, and the state of each announced limit. */
export function announcesLimits(headers: Headers): boolean {
  return (
    /^"requests";q=\d+;w=5(, "(creates|tests)";q=\d+;w=5)?$/.test(headers.get('ratelimit-policy') ?? '') &&
    /^"requests";r=\d+;t=\d+(, "(creates|tests)";r=\d+;t=\d+)?$/.test(headers.get('ratelimit') ?? '')
  );
}

/** Parses the part of structured field lists (RFC 9651) that these headers use. */
function itemsOf(header: string | null): Map<string, Record<string, number>> {
  return new Map(
    (header ?? '').split(', ').map((item): [string, Record<string, number>] => {
      const [name = '', ...parameters] = item.split(';');
      const entries = parameters.map((parameter): [string, number] => {
        const [key = '', value] = parameter.split('=');
        return [key, Number(value)];
      });
      return [name.replaceAll('"', ''), Object.fromEntries(entries)];
    }),
  );
}
