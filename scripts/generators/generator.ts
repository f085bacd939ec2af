import { readFileSync } from 'node:fs';

import type { Case } from './cases.ts';

/** Makes a client for one language from the public document, and lets it read bodies. */
export interface Generator {
  /** With its version. */
  name: string;
  /** The programs that must be on the PATH. */
  needs: string[];
  /**
   * Installs the generator where it is not yet, generates the client and has it read each body and write it again.
   *
   * @returns what the client has written for each case, as JSON, or why it could not
   */
  run(input: GeneratorInput): Promise<Reading[]>;
}

export interface GeneratorInput {
  /** The public document as a file. */
  documentFile: string;
  cases: Case[];
  /** The cases as a file. */
  casesFile: string;
  /** An empty folder for the client. */
  folder: string;
  /** A folder that is kept, for what is downloaded. */
  cache: string;
}

export type Reading = { written: string } | { error: string };

/** Returns the version that a file with the pinned versions of a generator names. */
export function pinnedVersion(file: string, pattern: RegExp): string {
  const version = pattern.exec(readFileSync(file, 'utf8'))?.[1];
  if (version === undefined) throw new Error(`${file} has no version that matches ${String(pattern)}.`);
  return version;
}

/** Reads what the programs of the languages print: a line for each case, `ok` and JSON, or `error` and a text. */
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
