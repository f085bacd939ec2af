/** A calendar month in UTC, as usage is billed. */
export interface Month {
  /** Such as `2026-11`. */
  id: string;
  /** Such as "November 2026". */
  name: string;
  /** The first instant, in RFC 3339. */
  start: string;
  /** The first instant after it, in RFC 3339. */
  end: string;
  /** Its days that have begun, such as `2026-11-01`. */
  days: readonly string[];
}

const names = new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' });
const dayNames = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric', timeZone: 'UTC' });

/** Returns the id of the current month. */
export function currentMonthId(): string {
  return new Date().toISOString().slice(0, 7);
}

/** Returns a month by its id. */
export function monthOf(id: string): Month {
  const first = new Date(`${id}-01T00:00:00Z`);
  const after = firstOf(id, 1);
  const days: string[] = [];
  for (let day = first; day < after && day.getTime() <= Date.now(); day = new Date(day.getTime() + DAY_MS)) {
    days.push(day.toISOString().slice(0, 10));
  }
  return { id, name: names.format(first), start: first.toISOString(), end: after.toISOString(), days };
}

/** Returns the id of the month that is `months` later, or earlier when negative. */
export function shiftedMonthId(id: string, months: number): string {
  return firstOf(id, months).toISOString().slice(0, 7);
}

/** Returns a day such as `2026-11-02` as "Nov 2". */
export function dayName(day: string): string {
  return dayNames.format(new Date(`${day}T00:00:00Z`));
}

/** Returns the first instant after a day, in RFC 3339. */
export function endOfDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString();
}

const DAY_MS = 86_400_000;

function firstOf(id: string, laterMonths: number): Date {
  const [year = 0, month = 1] = id.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1 + laterMonths, 1));
}
