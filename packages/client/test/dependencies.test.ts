import { readdir, readFile } from 'node:fs/promises';

import { expect, test } from '@jest/globals';

test('the package imports only what browsers can load', async () => {
  const source = new URL('../src/', import.meta.url);
  const files = (await readdir(source, { recursive: true })).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
  );
  const imported: Record<string, string[]> = {};
  for (const file of files) {
    const text = await readFile(new URL(file, source), 'utf8');
    for (const [, specifier = ''] of text.matchAll(/\bfrom '([^'.][^']*)'/g)) {
      imported[specifier] = [...(imported[specifier] ?? []), file];
    }
  }
  expect(imported).toEqual({
    'eventsource-parser': expect.any(Array),
    'openapi-fetch': expect.any(Array),
    standardwebhooks: ['webhooks.ts'],
  });
});
