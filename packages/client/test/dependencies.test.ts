import { readdir, readFile } from 'node:fs/promises';

import { expect, test } from '@jest/globals';

test('the package imports only what browsers can load', async () => {
  const source = new URL('../src/', import.meta.url);
  const files = (await readdir(source, { recursive: true })).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
  );
  const imported = new Set<string>();
  for (const file of files) {
    const text = await readFile(new URL(file, source), 'utf8');
    for (const [, specifier = ''] of text.matchAll(/\bfrom '([^'.][^']*)'/g)) imported.add(specifier);
  }
  expect([...imported].sort()).toEqual(['eventsource-parser', 'openapi-fetch']);
});
