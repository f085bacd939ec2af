import { expect, test } from '@jest/globals';

import { filled, replacementsOf, varyingPaths, type RequestValues } from './template.ts';

const requestValues = (over: Partial<RequestValues>): RequestValues => ({
  orgId: 'one',
  path: ['', 'v1', 'sessions', 'sess_01KKGP79VG6A09Y83A35BZFNZE', 'end'],
  body: undefined,
  ...over,
});

test('the values that differ between two requests vary, at any depth', () => {
  const a = { orgId: 'one', body: { room: 'a', quality: 'lite', tags: ['x', 'y'] } };
  const b = { orgId: 'one', body: { room: 'b', quality: 'lite', tags: ['x', 'z'] } };
  expect(varyingPaths(a, b)).toEqual([
    ['body', 'room'],
    ['body', 'tags', '1'],
  ]);
});

test('values of the request replace those of the recorded one, and other values stay', () => {
  const recorded = requestValues({ body: { frames: 1001, state: 'running' } });
  const request = requestValues({ orgId: 'two', body: { frames: 7, state: 'running' } });
  const replacements = replacementsOf(recorded, request, [['orgId'], ['body', 'frames']]);
  const at = new Date(0);
  expect(filled(['one', 1001, 1000, 'live', null, true, at, { org: 'one' }], replacements)).toEqual([
    ...['two', 7, 1000, 'live', null, true, at],
    { org: 'two' },
  ]);
});

test('an id of the path replaces the recorded one, and other ids are new and the same in the whole request', () => {
  const recorded = requestValues({});
  const id = 'sess_01KKGP79VG6A09Y83A35BZFNZF';
  const request = requestValues({ path: ['', 'v1', 'sessions', id, 'end'] });
  const replacements = replacementsOf(recorded, request, [['path', '3']]);
  const event = 'evt_01KKGP79VG6A09Y83A35BZFNZE';
  const values = filled([recorded.path[3], event, event], replacements) as string[];
  expect(values[0]).toBe(id);
  expect(values[1]).toMatch(/^evt_[0-9A-Z]{26}$/);
  expect(values[1]).not.toBe(event);
  expect(values[2]).toBe(values[1]);
});

test('a hash is new for each request, and the same in the whole request', () => {
  const hash = Buffer.alloc(32, 1);
  const [first, again, short] = filled([hash, hash, Buffer.alloc(4)], new Map()) as Buffer[];
  expect(first).not.toEqual(hash);
  expect(again).toEqual(first);
  expect(short).toEqual(Buffer.alloc(4));
});
