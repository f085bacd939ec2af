import { readFileSync } from 'node:fs';

import type { Case } from './cases.ts';

/** Generates a client for one language from the public document, and runs it on bodies. */
export interface Generator {
  /** The name with its version. */
  name: string;
  /** The programs that must be on the PATH. */
  needs: string[];
  /**
   * Installs the generator when it is missing, generates the client, and runs it: it reads and writes each body.
   *
   * @returns the JSON that the client wrote for each case, or its error
   */
  run(input: GeneratorInput): Promise<Reading[]>;
}

export interface GeneratorInput {
  /** The file of the public document. */
  documentFile: string;
  cases: Case[];
  /** The file of the cases. */
  casesFile: string;
  /** An empty folder for the client. */
  folder: string;
  /** A persistent folder for downloads. */
  cache: string;
}

export type Reading = { written: string } | { error: string };

/**
 * Returns the version of a generator from its file of pinned versions.
 *
 * @throws {Error} when the file has no match
 */
export function pinnedVersion(file: string, pattern: RegExp): string {
  const version = pattern.exec(readFileSync(file, 'utf8'))?.[1];
  if (version === undefined) throw new Error(`${file} has no version that matches ${String(pattern)}.`);
  return version;
}

/**
 * Parses the output of the clients: for each case a line with `ok` and JSON, or `error` and a text.
 *
 * @throws {Error} for any other line
 */
export function readings(output: string): Reading[] {
  return output
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [, verdict, rest = ''] = /^(ok|error) (.*)$/.exec(line) ?? [];
      if (verdict === undefined) throw new Error(`Not a line of a reading: ${line}`);
      return verdict === 'ok' ? { written: rest } : { error: rest };
    });
}
