import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { expect, test } from '@jest/globals';

const MAX_BYTES = 8 * 1024;

test('a browser loads less than 8 kB for the client and its dependency, gzipped', () => {
  const script = fileURLToPath(new URL('../scripts/size.mjs', import.meta.url));
  const printed = execFileSync(process.execPath, [script], { encoding: 'utf8' });
  const bytes = Number(/^gzipped +(\d+) bytes$/m.exec(printed)?.[1]);
  expect(bytes).toBeGreaterThan(1_000);
  expect(bytes).toBeLessThan(MAX_BYTES);
});
