import { expect, test } from '@jest/globals';

import { findSyntaxError } from './json-syntax-error.ts';

test.each([
  ['', 'end', 1, 1],
  ['{"a": {', 'end', 1, 8],
  ['[1,]', '`]`', 1, 4],
  ['{"a":1,}', '`}`', 1, 8],
  ['{a:1}', '`a`', 1, 2],
  ["{'a':1}", "`'`", 1, 2],
  ['{"a" 1}', '`1`', 1, 6],
  ['{"a":1\n "b":2}', '`"`', 2, 2],
  ['[1}', '`}`', 1, 3],
  ['1 2', '`2`', 1, 3],
  ['nul', '`n`', 1, 1],
  ['01', '`1`', 1, 2],
  ['1.', 'end', 1, 3],
  ['{"a":1e}', '`}`', 1, 8],
  ['[1.e5]', '`e`', 1, 4],
  ['[-]', '`]`', 1, 3],
  ['[1e+,2]', '`,`', 1, 5],
  ['[.5]', '`.`', 1, 2],
  ['{"😀": x}', '`x`', 1, 7],
  ['"abc', 'end', 1, 5],
  ['"a\\x"', '`\\`', 1, 3],
  ['"a\tb"', 'character U+0009', 1, 3],
  ['{"a":1}\u00a0', 'character U+00A0', 1, 8],
  ['"a\nb"', 'line break', 1, 3],
])('finds where %j stops being JSON', (text, found, line, column) => {
  expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
  expect(findSyntaxError(text)).toEqual({ found, line, column });
});

test('finds the end of a megabyte of brackets and of a string of escapes', () => {
  expect(findSyntaxError('['.repeat(1_000_000))).toEqual({ found: 'end', line: 1, column: 1_000_001 });
  expect(findSyntaxError(`"${'\\n'.repeat(500_000)}`)).toEqual({ found: 'end', line: 1, column: 1_000_002 });
});

test('finds the error at the character that breaks valid JSON, or before it', () => {
  const valid = '{"a": [1, -2.5e3, true, null, "x\\u00e9\\"", {}], "b": {"c": []}}';
  for (let at = 0; at < valid.length; at += 1) {
    expect(findSyntaxError(`${valid.slice(0, at)}\u0001`).column).toBeLessThanOrEqual(at + 1);
  }
  expect(findSyntaxError(`${valid};`)).toEqual({ found: '`;`', line: 1, column: valid.length + 1 });
});
