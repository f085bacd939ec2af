import { describe, expect, test } from '@jest/globals';

import { read, root } from './repository.ts';

interface Setting {
  default?: unknown;
}

/** The programs, and the headings of their settings in the README. */
const programs = [
  { name: 'server', config: 'apps/api/src/common/config.ts', heading: '## Settings' },
  { name: 'worker', config: 'apps/worker/src/config.ts', heading: '## Workers' },
];

describe.each(programs)('of the $name', ({ config, heading }) => {
  const [, section = ''] = read('README.md').split(`${heading}\n`);
  const [ownSection = ''] = section.split(/^## /m);
  const rows = [...ownSection.matchAll(/^\| `([A-Z_]+)` +\| (.*?) +\| (.*?) +\|$/gm)].map(
    ([, name = '', value = '', meaning = '']) => ({ name, value, meaning }),
  );
  const environmentOf = async () =>
    ((await import(`${root}/${config}`)) as { environment: Record<string, Setting> }).environment;

  test('the README lists exactly the environment variables that the program reads, in the same order', async () => {
    expect(rows.map(({ name }) => name)).toEqual(Object.keys(await environmentOf()));
  });

  test('the README has the defaults of the program', async () => {
    const stated = rows.filter(({ value }) => value.startsWith('`')).map(({ name, value }) => [name, value]);
    const inForce = Object.entries(await environmentOf())
      .filter(([, setting]) => (setting.default ?? '') !== '' && !Buffer.isBuffer(setting.default))
      .map(([name, setting]) => [name, `\`${String(setting.default)}\``]);
    expect(stated).toEqual(inForce);
  });

  test('the README explains every environment variable', () => {
    expect(rows.filter(({ meaning }) => meaning === '')).toEqual([]);
  });
});
