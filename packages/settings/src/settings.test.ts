import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from '@jest/globals';
import { str } from 'envalid';

import { ConfigError } from './config-error.ts';
import { readSettings } from './read-settings.ts';
import { unknownSettings } from './unknown-settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'greenroom-settings-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const read = (env: Record<string, string>) => readSettings(env, { KEY: str() }, { secrets: ['KEY'] }).KEY;

function fileOf(content: string): string {
  const path = join(folder, 'secret-path');
  writeFileSync(path, content);
  return path;
}

test.each(['value', 'value\n', 'value\r\n'])('a secret can be in a file: %j', (content) => {
  expect(read({ KEY_FILE: fileOf(content) })).toBe('value');
});

test('only one line break at the end is not part of a secret', () => {
  expect(read({ KEY_FILE: fileOf(' two\nlines \n\n') })).toBe(' two\nlines \n');
});

test('an empty variable counts as unset, even next to a file', () => {
  expect(read({ KEY: '', KEY_FILE: fileOf('value') })).toBe('value');
  expect(read({ KEY: 'value', KEY_FILE: '' })).toBe('value');
});

test.each([
  ['that is empty', () => fileOf('\n'), 'names an empty file'],
  ['that does not exist', () => join(folder, 'secret-path-2'), 'names a file that cannot be read (ENOENT)'],
  ['that is a folder', () => folder, 'names a file that cannot be read (EISDIR)'],
  ['that never ends', () => '/dev/zero', 'names a file of more than 16384 bytes'],
])('a file %s is an error of one line, without its path', (_name, path, message) => {
  expect(() => read({ KEY_FILE: path() })).toThrow(new ConfigError(`KEY_FILE: ${message}`));
});

test('a secret that is set twice is an error regardless of the file', () => {
  const twice = () => read({ KEY: 'value', KEY_FILE: fileOf('value') });
  expect(twice).toThrow(new ConfigError('KEY_FILE: must not be set together with KEY. Unset one of them'));
});

test('a misspelt setting is reported with the nearest name', () => {
  expect(unknownSettings({ GREENROOM_LEASE_SECOND: '5', GREENROOM_COLOUR_OF_THE_SKY: 'blue' })).toEqual([
    'GREENROOM_LEASE_SECOND is not a setting and has no effect. Did you mean GREENROOM_LEASE_SECONDS?',
    'GREENROOM_COLOUR_OF_THE_SKY is not a setting and has no effect.',
  ]);
});

test('settings of either program and unrelated variables are not reported', () => {
  const names = [
    'GREENROOM_SLOTS',
    'GREENROOM_TOKEN_KEY_FILE',
    'GREENROOM_URL',
    'GREENROOM_TEST_SEED',
    'PATH',
  ];
  expect(unknownSettings(Object.fromEntries(names.map((name) => [name, 'x'])))).toEqual([]);
});
