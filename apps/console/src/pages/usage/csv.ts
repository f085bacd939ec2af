import { qualityValues } from '@greenroom/contract';

import type { Day } from './usage-days.ts';

/** Returns days as CSV (RFC 4180), with a line for each quality used on a day. */
export function csvOf(days: readonly Day[]): string {
  const lines: (string | number)[][] = [['day', 'quality', 'billable_seconds', 'credits']];
  for (const { day, byQuality } of days) {
    for (const quality of qualityValues) {
      const { seconds, credits } = byQuality[quality];
      if (seconds > 0 || (credits ?? 0) > 0) lines.push([day, quality, seconds, credits ?? '']);
    }
  }
  return lines.map((fields) => `${fields.map(fieldOf).join(',')}\r\n`).join('');
}

function fieldOf(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Makes the browser save a text as a file. */
export function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has read the content by the end of the click.
  setTimeout(() => URL.revokeObjectURL(address));
}
