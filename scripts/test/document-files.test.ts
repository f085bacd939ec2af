import { posix } from 'node:path';

import { expect, test } from '@jest/globals';

import { files, read } from './repository.ts';

/** The files that tools open directly. */
const ENTRY_POINTS = ['openapi/openapi.yaml', 'openapi/redocly.yaml', 'openapi/package.json'];

test('every file of the document is referenced from its index or its style guide', () => {
  const all = files('openapi')
    .filter((path) => !path.endsWith('.md') || path === 'openapi/info.md')
    // Releases are kept unchanged.
    .filter((path) => !path.startsWith('openapi/releases/'));
  const reached = new Set<string>();
  const waiting = [...ENTRY_POINTS];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    waiting.push(...references(path).filter((target) => all.includes(target)));
  }
  expect(all.filter((path) => !reached.has(path))).toEqual([]);
});

/** Returns the relative paths in a file: of a `$ref`, an `externalValue`, an `import` or a plugin. */
function references(path: string): string[] {
  const words = read(path).match(/[\w./{}-]+\.(?:ya?ml|md|js|json)\b/g) ?? [];
  return words.map((word) => posix.join(posix.dirname(path), word));
}
