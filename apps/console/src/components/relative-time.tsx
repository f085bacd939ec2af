import { useSyncExternalStore } from 'react';

const UNITS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;
const TICK_MS = 1_000;
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });
const exact = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'long', hourCycle: 'h23' });
const dates = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let nowMs = Date.now();

/** Returns the time in milliseconds, once a second. All components share one timer. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => nowMs);
}

/** A point in time, in words; the exact one on request. `time` is RFC 3339. */
export function RelativeTime({ time }: { time: string }) {
  const seconds = Math.round((Date.parse(time) - useNow()) / 1_000);
  const [unit, size] = UNITS.find(([, each]) => Math.abs(seconds) >= each) ?? ['second', 1];
  const text = Math.abs(seconds) < 5 ? 'now' : relative.format(Math.trunc(seconds / size), unit);
  return (
    <time dateTime={time} title={dateTimeText(time)} className="time">
      {text}
    </time>
  );
}

/** Formats a point in time as `Nov 27, 2026, 13:05:09 GMT+1`, in the browser's time zone. `time` is RFC 3339. */
export function dateTimeText(time: string): string {
  return exact.format(new Date(time));
}

/** Formats the day of a point in time as `Nov 27, 2026`, in the browser's time zone. `time` is RFC 3339. */
export function dateText(time: string): string {
  return dates.format(new Date(time));
}

/** Returns the browser's time zone at a point in time, such as `GMT+1`. `time` is RFC 3339. */
export function zoneText(time: string): string {
  const parts = exact.formatToParts(new Date(time));
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
}

/** Formats a duration in seconds as `1:05` or `1:02:05`. */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60, whole % 60];
  const [hours = 0, minutes = 0, rest = 0] = parts;
  const twoDigits = (number: number) => String(number).padStart(2, '0');
  return hours > 0 ? `${hours}:${twoDigits(minutes)}:${twoDigits(rest)}` : `${minutes}:${twoDigits(rest)}`;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) nowMs = Date.now();
  timer ??= setInterval(() => {
    nowMs = Date.now();
    for (const each of listeners) each();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}
