import { operationTable, type OperationId } from '@greenroom/contract';
import type { Schema } from '@greenroom/contract/document';
import { expect, test } from '@jest/globals';

import { document, resolved } from '../../document/document.ts';
import { describeSchema, describeValue } from './describe.ts';

/** Returns the schemas with a type in a part of the document. */
function schemasIn(node: unknown, seen = new Set<unknown>()): Schema[] {
  if (typeof node !== 'object' || node === null || seen.has(node)) return [];
  seen.add(node);
  if (Array.isArray(node)) return node.flatMap((item) => schemasIn(item, seen));
  const own = { ...resolved(node), ...node } as Schema & Record<string, unknown>;
  const nested = Object.entries(own)
    // Keys of metadata have a separate message.
    .filter(([keyword]) => !['examples', 'propertyNames'].includes(keyword))
    .flatMap(([, part]) => schemasIn(part, seen));
  return own.type === undefined ? nested : [own, ...nested];
}

const requests = (Object.keys(operationTable) as OperationId[]).flatMap((id) => {
  const { path, method } = operationTable[id];
  const { requestBody, parameters } = document.paths[path]?.[method] ?? {};
  return schemasIn([document.paths[path]?.['parameters'], requestBody, parameters]);
});

test('every pattern of a request has a description in words or an example', () => {
  const patterns = requests.filter(({ pattern }) => pattern !== undefined);
  expect(patterns.length).toBeGreaterThan(5);
  for (const schema of patterns) {
    expect(schema).toMatchObject(
      'x-expected' in schema
        ? { 'x-expected': expect.any(String) }
        : { examples: expect.arrayContaining([expect.any(String)]) },
    );
    expect(describeSchema(schema)).not.toContain(schema.pattern);
  }
});

test.each<[Schema, string]>([
  [{ type: 'integer', minimum: 1, maximum: 100 }, 'an integer from 1 to 100'],
  [{ type: ['integer', 'null'], minimum: 1, maximum: 100 }, 'an integer from 1 to 100, or null'],
  [{ type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER }, 'an integer of at least 0'],
  [{ type: 'number' }, 'a number'],
  [{ type: 'string', maxLength: 5 }, 'a string of at most 5 characters'],
  [{ type: 'boolean' }, 'true or false'],
  [{ type: 'array', minItems: 1, maxItems: 6, uniqueItems: true }, 'an array of 1 to 6 different values'],
  [{ enum: ['a', 'b', 'c'] }, '`a`, `b` or `c`'],
  [{ type: 'string', const: 'livekit' }, '`livekit`'],
  [{ type: 'object' }, 'a JSON object'],
])('%j is described as %s', (schema, words) => {
  expect(describeSchema(schema)).toBe(words);
});

test.each<[unknown, string]>([
  [undefined, 'nothing'],
  [null, 'null'],
  [[], 'an empty array'],
  [[1], 'an array'],
  [{}, 'an object'],
  [1.5, '1.5'],
  [Infinity, 'a number beyond ±1.8e308'],
  ['', 'an empty string'],
  ['60', 'the string "60"'],
  ['x'.repeat(101), 'a string of 101 characters'],
  ['wss://me:pw@[x/room?token=1', 'the string "wss://[x/room"'],
  [' wss://me:pw@host', 'the string " wss://host"'],
  ['\nwss://me:pw@host', 'the string "U+000Awss://host"'],
  ['wss://me:p/w@host/a', 'the string "wss://host/a"'],
  ['wss://me:p@w@host', 'the string "wss://host"'],
  ['wss://me:p?w@host?token=1', 'the string "wss://host"'],
  ['https+x://me:pw@host', 'the string "https+x://host"'],
  ['http:/me:pw@host', 'the string "http:/host"'],
  ['http:\\\\me:pw@host', 'the string "http:\\\\host"'],
  ['me:pw@host', 'the string "host"'],
  ['//me:pw@host#pw', 'the string "host"'],
  ['what?', 'the string "what?"'],
  ['a\nb', 'the string "aU+000Ab"'],
])('%j in place of an integer is described as %s', (value, words) => {
  expect(describeValue(value, { type: 'integer' })).toBe(words);
});
