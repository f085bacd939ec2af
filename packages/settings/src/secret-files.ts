import { closeSync, openSync, readSync } from 'node:fs';

import { ConfigError } from './config-error.ts';

/** Much more than a key or a URL needs, so a larger file is a mistake. */
const MAX_BYTES = 16 * 1024;

/**
 * Returns the values of the secrets that are in files.
 *
 * @throws {ConfigError} with a line for each file that cannot be used, and each secret that is also set
 */
export function readSecretFiles(env: NodeJS.ProcessEnv, secrets: readonly string[]): Record<string, string> {
  const values: Record<string, string> = {};
  const problems: string[] = [];
  for (const name of secrets) {
    const variable = `${name}_FILE`;
    const path = env[variable];
    if (path === undefined) continue;
    if (env[name] === undefined) {
      try {
        values[name] = readSecret(path);
      } catch (error) {
        problems.push(`${variable}: ${reasonOf(error)}`);
      }
    } else {
      problems.push(`${variable}: must not be set together with ${name}. Unset one of them`);
    }
  }
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  return values;
}

/** Reads a file, which may be a pipe, up to a limit. A line break at its end is not part of the secret. */
function readSecret(path: string): string {
  const buffer = Buffer.alloc(MAX_BYTES + 1);
  let length = 0;
  const file = openSync(path, 'r');
  try {
    for (;;) {
      const count = readSync(file, buffer, length, buffer.length - length, null);
      length += count;
      if (count === 0 || length === buffer.length) break;
    }
  } finally {
    closeSync(file);
  }
  if (length > MAX_BYTES) throw new Error(`names a file of more than ${MAX_BYTES} bytes`);
  const text = buffer.toString('utf8', 0, length).replace(/\r?\n$/, '');
  if (text === '') throw new Error('names an empty file');
  return text;
}

/** Leaves the path out: it may be a secret in the wrong variable. */
function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined ? message : `names a file that cannot be read (${code})`;
}
