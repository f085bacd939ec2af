import { posix } from 'node:path';

import { expect, test } from '@jest/globals';

import { files, read } from './repository.ts';

/** Files that stand for themselves: what the tools are pointed at. */
const ENTRANCES = ['openapi/openapi.yaml', 'openapi/redocly.yaml', 'openapi/package.json'];

test('every file of the document is reached from its index or its style guide', () => {
  const all = files('openapi')
    .filter((path) => !path.endsWith('.md') || path === 'openapi/info.md')
    // What it was is kept whole.
    .filter((path) => !path.startsWith('openapi/releases/'));
  const reached = new Set<string>();
  const waiting = [...ENTRANCES];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    waiting.push(...mentions(path).filter((target) => all.includes(target)));
  }
  expect(all.filter((path) => !reached.has(path))).toEqual([]);
});

/** Whatever in a file looks like the path of another, beside it or below: `$ref`, `externalValue`, `import`, a plugin. */
function mentions(path: string): string[] {
  const words = read(path).match(/[\w./{}-]+\.(?:ya?ml|md|js|json)\b/g) ?? [];
  return words.map((word) => posix.join(posix.dirname(path), word));
}
