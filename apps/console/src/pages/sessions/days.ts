/** Returns the day, as `2026-11-27` in the browser's time zone, on which a range begins at this instant. */
export function dayAfter(instant: string): string {
  return dayOf(new Date(instant));
}

/** Returns the last day of a range that ends before this instant. */
export function dayBefore(instant: string): string {
  return dayOf(new Date(Date.parse(instant) - 1));
}

/** Returns the instant at which a day begins, in RFC 3339, some days later; undefined when no day is given. */
export function instantOf(day: string, laterDays: number): string | undefined {
  const [year, month, date] = day.split('-').map(Number);
  if (year === undefined || month === undefined || date === undefined) return undefined;
  const instant = new Date(year, month - 1, date + laterDays);
  return Number.isNaN(instant.getTime()) ? undefined : instant.toISOString();
}

function dayOf(date: Date): string {
  if (Number.isNaN(date.getTime())) return '';
  const twoDigits = (number: number) => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`;
}
