/**
 * How long the server asks to be left alone, in milliseconds, from `Retry-After` as seconds or as a date; undefined
 * when it does not ask or when what it says cannot be read.
 */
export function retryAfterMs(headers: Headers, nowMs: number = Date.now()): number | undefined {
  const value = headers.get('retry-after')?.trim();
  if (value === undefined || value === '') return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
  const until = Date.parse(value);
  if (Number.isNaN(until)) return undefined;
  // The server's clock made the date, so it is the one to measure it by, as far as it can be seen.
  const serverNow = Date.parse(headers.get('date') ?? '');
  return Math.max(0, until - (Number.isNaN(serverNow) ? nowMs : serverNow));
}
