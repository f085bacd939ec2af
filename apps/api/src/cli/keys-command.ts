import { parseArgs } from 'node:util';

import { keyModeValues, scopeValues, type KeyMode, type Scope } from '@greenroom/contract';

import { parseDateTime } from '../contract/date-time.ts';
import { stringLimit } from '../contract/document.ts';

export const HELP = `Makes and revokes API keys, on the database that the server uses.

  keys create --org <id> --mode test|live --scope <scope> [--scope …] [--name <name>] [--expires <time>]
  keys create --worker [--name <name>]
  keys revoke <key id>

Scopes: ${scopeValues.join(' ')}
The secret is printed once and cannot be shown again.
DATABASE_URL and GREENROOM_DATA_DIR are read as by start.`;

/** What an operator asks for. */
export type KeysCommand =
  | { name: 'help' }
  | { name: 'create'; org: string; mode: KeyMode; scopes: Scope[]; label: string; expiresAt: Date | null }
  | { name: 'create-worker'; label: string }
  | { name: 'revoke'; id: string };

/** Something that was typed and cannot be done; the message says what to type instead. */
export class UsageError extends Error {}

const MAX_NAME = stringLimit('ApiKeyCreate', 'name');
const DEFAULT_LABEL = 'Made by an operator';

/**
 * Understands a command line, before any database is opened.
 *
 * @throws {UsageError} for what cannot be meant
 */
export function keysCommand(args: readonly string[]): KeysCommand {
  const { values, positionals } = parsed(args);
  const [command, id, ...rest] = positionals;
  if (values.help === true || command === undefined) return { name: 'help' };
  if (command === 'revoke' && id !== undefined && rest.length === 0) return { name: 'revoke', id };
  if (command !== 'create' || id !== undefined) {
    throw new UsageError('Say "keys create …" or "keys revoke <key id>".');
  }
  const label = values.name ?? DEFAULT_LABEL;
  if (label === '' || label.length > MAX_NAME) {
    throw new UsageError(`--name must have 1 to ${MAX_NAME} characters.`);
  }
  if (values.worker === true) return { name: 'create-worker', label };
  const { org, mode, scope = [], expires } = values;
  if (org === undefined) throw new UsageError('--org is missing.');
  if (!isOneOf(keyModeValues, mode)) throw new UsageError('--mode must be test or live.');
  const scopes = scope.filter((name) => isOneOf(scopeValues, name));
  if (scopes.length === 0 || scopes.length < scope.length) {
    throw new UsageError(`--scope must be one or more of: ${scopeValues.join(' ')}`);
  }
  const expiresAt = expires === undefined ? null : timeToCome(expires);
  return { name: 'create', org, mode, scopes: [...new Set(scopes)], label, expiresAt };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        org: { type: 'string' },
        mode: { type: 'string' },
        scope: { type: 'string', multiple: true },
        name: { type: 'string' },
        expires: { type: 'string' },
        worker: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function timeToCome(text: string): Date {
  const time = parseDateTime(text);
  if (time !== null && time.getTime() > Date.now()) return time;
  throw new UsageError('--expires must be a time to come, such as 2030-01-31T12:00:00Z.');
}

function isOneOf<Value extends string>(values: readonly Value[], text: string | undefined): text is Value {
  return (values as readonly (string | undefined)[]).includes(text);
}
