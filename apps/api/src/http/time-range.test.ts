import { describe, expect, test } from '@jest/globals';

import { idRange, parseTimeParameter } from './time-range.ts';

describe('a time', () => {
  test.each([
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31t12:00:00z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00:00+05:30', '2026-01-31T06:30:00.000Z'],
    ['2026-01-31T12:00:00.1Z', '2026-01-31T12:00:00.100Z'],
    ['2026-01-31T12:00:00.123Z', '2026-01-31T12:00:00.123Z'],
    ['2026-01-31T12:00:00.123000Z', '2026-01-31T12:00:00.123Z'],
  ])('%s is %s', (text, expected) => {
    expect(parseTimeParameter(text, 'created_after').toISOString()).toBe(expected);
  });

  test('a fraction of a millisecond is rounded up, so that it splits ids as it splits times', () => {
    expect(parseTimeParameter('2026-01-31T12:00:00.0005Z', 'created_after').toISOString()).toBe(
      '2026-01-31T12:00:00.001Z',
    );
    expect(parseTimeParameter('2026-01-31T12:00:00.123000001Z', 'x').toISOString()).toBe(
      '2026-01-31T12:00:00.124Z',
    );
    expect(parseTimeParameter('2026-12-31T23:59:59.9999Z', 'x').toISOString()).toBe(
      '2027-01-01T00:00:00.000Z',
    );
  });

  test('in a leap second is in the second that follows', () => {
    expect(parseTimeParameter('2016-12-31T23:59:60Z', 'created_after').toISOString()).toBe(
      '2017-01-01T00:00:00.000Z',
    );
    expect(parseTimeParameter('2016-12-31T15:59:60.5-08:00', 'x').toISOString()).toBe(
      '2017-01-01T00:00:00.500Z',
    );
  });

  test.each(['soon', '9999-12-31T23:59:59-00:01', '9999-12-31T23:59:59.9999Z', '0000-01-01T00:00:00+00:01'])(
    'that is invalid, such as %s, is rejected with the name of the parameter',
    (text) => {
      expect(() => parseTimeParameter(text, 'created_after')).toThrow(
        expect.objectContaining({ code: 'parameter.invalid', param: 'created_after' }),
      );
    },
  );
});

describe('a range of ids', () => {
  const NONE = { after: undefined, before: undefined, cursor: undefined };

  test('without bounds contains every id of its kind and no other', () => {
    const { from, before } = idRange('sess', NONE);
    for (const id of [`sess_${'0'.repeat(26)}`, 'sess_7ZZZZZZZZZZZZZZZZZZZZZZZZZ']) {
      expect(from <= id && id < before).toBe(true);
    }
    expect(from <= 'use_01KKGP79VG6A09Y83A35BZFNZE' && 'use_01KKGP79VG6A09Y83A35BZFNZE' < before).toBe(false);
  });

  test('ends at the cursor or the time, whichever comes first', () => {
    const cursor = 'sess_01KKGP79VG6A09Y83A35BZFNZE';
    expect(idRange('sess', { ...NONE, cursor, before: '2999-01-01T00:00:00Z' }).before).toBe(cursor);
    expect(idRange('sess', { ...NONE, cursor, before: '2000-01-01T00:00:00Z' }).before < cursor).toBe(true);
  });

  test('is empty when its end is before its start', () => {
    const { from, before } = idRange('sess', {
      ...NONE,
      after: '2026-02-01T00:00:00Z',
      before: '2026-01-01T00:00:00Z',
    });
    expect(from > before).toBe(true);
  });
});
