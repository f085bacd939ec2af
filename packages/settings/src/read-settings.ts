import { cleanEnv, type CleanedEnv } from 'envalid';

import { ConfigError } from './config-error.ts';
import { readSecretFiles } from './secret-files.ts';

export interface ReadOptions {
  /** Names whose values can also be in a file, which the variable `<name>_FILE` names. */
  secrets?: readonly string[];
}

/**
 * Reads the variables of an environment with validators of envalid. An empty variable counts as unset.
 *
 * @throws {ConfigError} which names every invalid variable, and never its value
 */
export function readSettings<Validators extends object>(
  env: NodeJS.ProcessEnv,
  validators: Validators,
  { secrets = [] }: ReadOptions = {},
): CleanedEnv<Validators> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  return cleanEnv({ ...given, ...readSecretFiles(given, secrets) }, validators, {
    reporter: ({ errors }) => {
      const failures = Object.entries(errors) as [string, Error][];
      const invalid = failures.map(([name, error]) => `${name}: ${error.message}`);
      if (invalid.length > 0) throw new ConfigError(invalid.join('\n'));
    },
  });
}
