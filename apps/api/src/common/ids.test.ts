import { expect, test } from '@jest/globals';

import { beyondLastId, createdAt, isId, lowestIdAt, newId } from './ids.ts';

test('ids of one process ascend, within a millisecond too', () => {
  const ids = Array.from({ length: 10_000 }, () => newId('sess'));
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});

test('an id contains its creation time', () => {
  const before = Date.now();
  const made = createdAt(newId('evt')).getTime();
  expect(made).toBeGreaterThanOrEqual(before);
  expect(made).toBeLessThanOrEqual(Date.now());
});

test('an id is a prefix and a ULID of 128 bits', () => {
  expect(isId('sess', newId('sess'))).toBe(true);
  expect(isId('sess', 'sess_7ZZZZZZZZZZZZZZZZZZZZZZZZZ')).toBe(true);
  for (const other of [
    ...['', 'sess_', newId('evt'), 'sess_8ZZZZZZZZZZZZZZZZZZZZZZZZZ', 'sess_01KKGP79VG6A09Y83A35BZFNZI'],
    ...[`${newId('sess')}0`, ` ${newId('sess')}`, newId('sess').toLowerCase(), `${newId('sess')}\n`],
  ]) {
    expect(isId('sess', other)).toBe(false);
  }
});

test('the lowest id of a time is above all earlier ids and not above any later one', () => {
  const id = newId('use');
  const time = createdAt(id);
  expect(lowestIdAt('use', time) <= id).toBe(true);
  expect(lowestIdAt('use', new Date(time.getTime() + 1)) > id).toBe(true);
  expect(isId('use', lowestIdAt('use', time))).toBe(true);
});

test('times outside of the range of ids are clamped to it', () => {
  expect(lowestIdAt('sess', new Date('1900-01-01T00:00:00Z'))).toBe(`sess_${'0'.repeat(26)}`);
  expect(lowestIdAt('sess', new Date(8.64e15))).toBe(`sess_7ZZZZZZZZZ${'0'.repeat(16)}`);
});

test('every id is below the upper bound of its kind', () => {
  expect('sess_7ZZZZZZZZZZZZZZZZZZZZZZZZZ' < beyondLastId('sess')).toBe(true);
});
