import { describe, expect, test } from '@jest/globals';

import { HELP, parseKeysCommand, UsageError } from './keys-command.ts';

const CREATE = ['create', '--org', 'dev', '--mode', 'test', '--scope', 'sessions:read'];

test('a key has the values of the options, with each scope once', () => {
  const args = [...CREATE, '--scope', 'usage:read', '--scope', 'usage:read', '--name', 'rack 7'];
  expect(parseKeysCommand([...args, '--expires', '2999-01-31T12:00:00Z'])).toEqual({
    name: 'create',
    org: 'dev',
    mode: 'test',
    scopes: ['sessions:read', 'usage:read'],
    label: 'rack 7',
    expiresAt: new Date('2999-01-31T12:00:00Z'),
  });
  expect(parseKeysCommand(CREATE)).toMatchObject({ label: 'Created by an operator', expiresAt: null });
});

test('a worker’s key needs only --worker', () => {
  expect(parseKeysCommand(['create', '--worker'])).toEqual({
    name: 'create-worker',
    label: 'Created by an operator',
  });
});

test('a key is revoked by its id', () => {
  expect(parseKeysCommand(['revoke', 'key_1'])).toEqual({ name: 'revoke', id: 'key_1' });
});

test.each([[[]], [['--help']], [['create', '--help']]])('%j asks for help', (args) => {
  expect(parseKeysCommand(args)).toEqual({ name: 'help' });
});

test('the help names every scope', () => {
  expect(HELP).toContain('sessions:read sessions:write usage:read');
});

describe('an invalid command line is rejected with a valid one', () => {
  test.each([
    ['an unknown command', ['list'], 'Unknown command `list`. Usage: keys create …, keys revoke <key id>.'],
    [
      'a misspelt command',
      ['revok', 'key_1'],
      'Unknown command `revok`. Did you mean `revoke`? Usage: keys create …, keys revoke <key id>.',
    ],
    ['no key to revoke', ['revoke'], '`revoke` takes one key id. Usage: keys revoke <key id>.'],
    [
      'two keys to revoke',
      ['revoke', 'key_1', 'key_2'],
      '`revoke` takes one key id. Usage: keys revoke <key id>.',
    ],
    ['a word too many', [...CREATE, 'quickly'], '`create` takes options only. Remove `quickly`'],
    ['an empty name', [...CREATE, '--name', ''], /--name must have 1 to 100/],
    ['a name too long', [...CREATE, '--name', 'x'.repeat(101)], /--name must have 1 to 100/],
    ['a time that has no offset', [...CREATE, '--expires', '2999-01-31 12:00:00'], /--expires/],
    ['an unknown option', [...CREATE, '--force'], 'Unknown option `--force`. Use `--org`, `--mode`'],
    [
      'a misspelt option',
      [...CREATE, '--expire', 'x'],
      'Unknown option `--expire`. Did you mean `--expires`?',
    ],
    ['an option without its value', ['create', '--org'], /--org/],
    ['no organisation', ['create', '--mode', 'test', '--scope', 'usage:read'], 'Required: `--org`.'],
    ['no mode', ['create', '--org', 'dev', '--scope', 'usage:read'], 'Required: `--mode`.'],
    ['nothing', ['create'], 'Required: `--org`, `--mode` and `--scope`.'],
    ['an unknown mode', [...CREATE, '--mode', 'both'], '--mode must be `test` or `live`. You gave `both`.'],
    ['a misspelt scope', [...CREATE, '--scope', 'usage:reed'], 'Did you mean `usage:read`?'],
    ['an unknown scope', [...CREATE, '--scope', 'all'], '--scope must be one or more of: sessions:read'],
    [
      'an expiry in the past',
      [...CREATE, '--expires', '2020-01-01T00:00:00Z'],
      '--expires must be in the future. `2020-01-01T00:00:00Z` is past.',
    ],
    ['an expiry that is no time', [...CREATE, '--expires', 'tomorrow'], '--expires must be a time such as'],
  ])('%s', (_name, args, message) => {
    const command = () => parseKeysCommand(args);
    expect(command).toThrow(UsageError);
    expect(command).toThrow(message);
  });
});
