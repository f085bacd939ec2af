import { expect, test } from '@jest/globals';
import { parse } from 'yaml';

import { files, read } from './repository.ts';

const schema = parse(read('openapi/components/schemas/ErrorCode.yaml')) as {
  enum: string[];
  'x-errors': Record<string, { type: string; messages: Record<string, string> }>;
};
const types = parse(read('openapi/components/schemas/ErrorType.yaml')) as { enum: string[] };

test('the enum of error codes and the table that explains them have the same codes in the same order', () => {
  expect(schema.enum).toEqual(Object.keys(schema['x-errors']));
});

test('every error has a type of the document, and every type an error', () => {
  const used = new Set(Object.values(schema['x-errors']).map(({ type }) => type));
  expect([...used].sort()).toEqual([...types.enum].sort());
});

test('every message of the table is one that the server sends', () => {
  const server = files('apps/api/src')
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .map(read)
    .join('\n');
  const unused = Object.entries(schema['x-errors']).flatMap(([code, { messages }]) =>
    [code, ...Object.keys(messages).filter((situation) => situation !== 'default')]
      .filter((name) => !server.includes(`'${name}'`))
      .map((name) => (name === code ? code : `${code}: ${name}`)),
  );
  expect(unused).toEqual([]);
});
