import { parseArgs } from 'node:util';

import { keyModeValues, scopeValues, type KeyMode, type Scope } from '@greenroom/contract';

import { parseDateTime, TIME_WORDS } from '../document/date-time.ts';
import { stringLimit } from '../document/document.ts';
import { closestName } from '../errors/unknown-names.ts';
import { allOf, oneOf } from '../errors/words.ts';

export const HELP = `Creates and revokes API keys in the server's database.

  keys create --org <id> --mode test|live --scope <scope> [--scope …] [--name <name>] [--expires <time>]
  keys create --worker [--name <name>]
  keys revoke <key id>

Scopes: ${scopeValues.join(' ')}
The secret is printed once and cannot be shown again.
Uses DATABASE_URL and GREENROOM_DATA_DIR like start.`;

/** A parsed command line. */
export type KeysCommand =
  | { name: 'help' }
  | { name: 'create'; org: string; mode: KeyMode; scopes: Scope[]; label: string; expiresAt: Date | null }
  | { name: 'create-worker'; label: string }
  | { name: 'revoke'; id: string };

/** An invalid command line. The message says what to type instead. */
export class UsageError extends Error {}

const MAX_NAME = stringLimit('ApiKeyCreate', 'name');
const DEFAULT_LABEL = 'Created by an operator';
const COMMANDS = ['create', 'revoke'];
const OPTIONS = {
  org: { type: 'string' },
  mode: { type: 'string' },
  scope: { type: 'string', multiple: true },
  name: { type: 'string' },
  expires: { type: 'string' },
  worker: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/**
 * Parses a command line.
 *
 * @throws {UsageError} for an invalid one
 */
export function parseKeysCommand(args: readonly string[]): KeysCommand {
  const { values, positionals } = parsed(args);
  const [command, id, ...rest] = positionals;
  if (values.help === true || command === undefined) return { name: 'help' };
  if (command === 'revoke' && id !== undefined && rest.length === 0) return { name: 'revoke', id };
  if (command === 'revoke') throw new UsageError('`revoke` takes one key id. Usage: keys revoke <key id>.');
  if (command !== 'create') {
    const usage = 'Usage: keys create …, keys revoke <key id>.';
    throw new UsageError(`Unknown command \`${command}\`.${suggestion(command, COMMANDS)} ${usage}`);
  }
  if (id !== undefined) {
    throw new UsageError(
      `\`create\` takes options only. Remove \`${id}\`, or put it in quotes with its option.`,
    );
  }
  const label = values.name ?? DEFAULT_LABEL;
  if (label === '' || label.length > MAX_NAME) {
    throw new UsageError(`--name must have 1 to ${MAX_NAME} characters. Yours has ${label.length}.`);
  }
  if (values.worker === true) return { name: 'create-worker', label };
  const { org, mode, scope = [], expires } = values;
  requireOptions({ '--org': org, '--mode': mode, '--scope': scope[0] });
  if (!isOneOf(keyModeValues, mode)) {
    throw new UsageError(`--mode must be \`test\` or \`live\`. You gave \`${mode ?? ''}\`.`);
  }
  const scopes = scope.map(requireScope);
  const expiresAt = expires === undefined ? null : futureTime(expires);
  return { name: 'create', org: org ?? '', mode, scopes: [...new Set(scopes)], label, expiresAt };
}

function requireOptions(options: Record<string, string | undefined>): void {
  const missing = Object.keys(options).filter((name) => options[name] === undefined);
  if (missing.length > 0) throw new UsageError(`Required: ${allOf(missing)}. Add what is missing.`);
}

function requireScope(name: string): Scope {
  if (isOneOf(scopeValues, name)) return name;
  const known = `--scope must be one or more of: ${scopeValues.join(' ')}`;
  throw new UsageError(`Unknown scope \`${name}\`.${suggestion(name, scopeValues)} ${known}.`);
}

function suggestion(name: string, known: readonly string[]): string {
  const near = closestName(name, known);
  return near === undefined ? '' : ` Did you mean \`${near}\`?`;
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  } catch (error) {
    throw new UsageError(parsingMessage(error as NodeJS.ErrnoException));
  }
}

/** Replaces Node's message about an unknown option, which explains how to pass a file that begins with a dash. */
function parsingMessage({ code, message }: NodeJS.ErrnoException): string {
  if (code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return message;
  const option = /'--?([^']+)'/.exec(message)?.[1] ?? '';
  const names = Object.keys(OPTIONS);
  const near = closestName(option, names);
  const advice =
    near === undefined ? `Use ${oneOf(names.map((name) => `--${name}`))}.` : `Did you mean \`--${near}\`?`;
  return `Unknown option \`--${option}\`. ${advice}`;
}

function futureTime(text: string): Date {
  const time = parseDateTime(text);
  if (time === null) throw new UsageError(`--expires must be ${TIME_WORDS}. You gave \`${text}\`.`);
  if (time.getTime() > Date.now()) return time;
  throw new UsageError(`--expires must be in the future. \`${text}\` is past.`);
}

function isOneOf<Value extends string>(values: readonly Value[], text: string | undefined): text is Value {
  return (values as readonly (string | undefined)[]).includes(text);
}
