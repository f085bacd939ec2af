import { SETTING_NAMES } from '@greenroom/settings';
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

async function readBy(config: string) {
  return (await import(`${root}/${config}`)) as {
    environment: Record<string, Setting>;
    secrets?: readonly string[];
  };
}

test('misspelt settings are compared with exactly the names that the programs read', async () => {
  const modules = await Promise.all(programs.map(({ config }) => readBy(config)));
  const names = modules.flatMap(({ environment, secrets = [] }) => [
    ...Object.keys(environment),
    ...secrets.map((name) => `${name}_FILE`),
  ]);
  const own = new Set(names.filter((name) => name.startsWith('GREENROOM_')));
  expect(new Set(SETTING_NAMES)).toEqual(own);
});

describe.each(programs)('of the $name', ({ config, heading }) => {
  const [, section = ''] = read('README.md').split(`${heading}\n`);
  const [ownSection = ''] = section.split(/^## /m);
  const rows = [...ownSection.matchAll(/^\| `([A-Z_]+)` +\| (.*?) +\| (.*?) +\|$/gm)].map(
    ([, name = '', value = '', meaning = '']) => ({ name, value, meaning }),
  );
  const environmentOf = async () => (await readBy(config)).environment;

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

  test('the README names exactly the files that secrets can be in', async () => {
    const { environment, secrets = [] } = await readBy(config);
    const named = [...ownSection.matchAll(/`([A-Z_]+_FILE)`/g)].map(([, name = '']) => name);
    const own = [...secrets.map((name) => `${name}_FILE`), ...Object.keys(environment)];
    expect(new Set(named)).toEqual(new Set(own.filter((name) => name.endsWith('_FILE'))));
  });

  test('the README explains every environment variable', () => {
    expect(rows.filter(({ meaning }) => meaning === '')).toEqual([]);
  });
});
