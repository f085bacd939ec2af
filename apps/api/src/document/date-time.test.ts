import { describe, expect, test } from '@jest/globals';
import ajvFormats from 'ajv-formats';

import { isDateTime } from './date-time.ts';

const full = ajvFormats.default.get('date-time', 'full') as { validate(text: string): boolean };

describe('date-time', () => {
  test('agrees with ajv-formats on every day of a leap year and of an ordinary one, and on impossible dates', () => {
    for (const year of [2023, 2024]) {
      for (let month = 0; month <= 13; month += 1) {
        for (let day = 0; day <= 32; day += 1) {
          const text = `${year}-${pad(month)}-${pad(day)}T12:30:00.000Z`;
          expect([text, isDateTime(text)]).toEqual([text, full.validate(text)]);
        }
      }
    }
  });

  test.each([
    '2026-02-30T00:00:00.000Z',
    '2026-01-31T24:00:00.000Z',
    '2026-01-31T23:60:00.000Z',
    '2026-01-31T12:00:61.000Z',
    '2026-01-31T12:00:00.000',
    '2026-01-31T12:00:00.000Z\n',
    ' 2026-01-31T12:00:00.000Z',
    '2026-01-31',
    '2026-01-31 12:00:00Z',
    '2026-01-31T12:00:00+0200',
    '2026-01-31T12:00:00+02',
    '',
  ])('rejects %j', (text) => {
    expect(isDateTime(text)).toBe(false);
  });

  test.each([
    '2026-01-31T23:59:59.999Z',
    '2024-02-29T00:00:00.000Z',
    '2026-01-31T12:00:00Z',
    '2026-01-31T12:00:00.123456+05:30',
    '2016-12-31T23:59:60Z',
  ])('takes %j', (text) => {
    expect(isDateTime(text)).toBe(true);
  });
});

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
