import { expect, test } from '@jest/globals';

import { manifests, read } from './repository.ts';

test('the README’s layout lists every package and application, and no others', () => {
  const [, layout = ''] = /^## Repository layout\n+```\n([^]*?)^```$/m.exec(read('README.md')) ?? [];
  const named = [...layout.matchAll(/^((?:packages|apps)\/[^/]+)\//gm)].map(([, folder]) => folder);
  const folders = [...manifests().keys()].filter((folder) => /^(packages|apps)\//.test(folder));
  expect(named.sort()).toEqual(folders.sort());
});
