import { expect, test } from '@jest/globals';

import { read, root } from './repository.ts';

interface Setting {
  default?: unknown;
}

const { environment } = (await import(`${root}/apps/api/src/config.ts`)) as {
  environment: Record<string, Setting>;
};

const rows = [...read('README.md').matchAll(/^\| `([A-Z_]+)` +\| (.*?) +\| (.*?) +\|$/gm)].map(
  ([, name = '', value = '', meaning = '']) => ({ name, value, meaning }),
);

test('the README has every environment variable that the server reads, in the same order, and no other', () => {
  expect(rows.map(({ name }) => name)).toEqual(Object.keys(environment));
});

test('the README gives the defaults that hold', () => {
  const stated = rows.filter(({ value }) => value.startsWith('`')).map(({ name, value }) => [name, value]);
  const inForce = Object.entries(environment)
    .filter(([, setting]) => setting.default !== '' && !Buffer.isBuffer(setting.default))
    .map(([name, setting]) => [name, `\`${String(setting.default)}\``]);
  expect(stated).toEqual(inForce);
});

test('the README says what every environment variable means', () => {
  expect(rows.filter(({ meaning }) => meaning === '')).toEqual([]);
});
