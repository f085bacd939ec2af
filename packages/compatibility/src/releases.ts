import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import type { OpenApiDocument } from '@greenroom/contract/document';

/** A public document as it was on the day of its release. */
export interface Release {
  /** The day, as 2026-03-12. */
  date: string;
  document: OpenApiDocument;
}

/** The folder of the releases: one file each, named by its version. */
export const RELEASES_FOLDER = join(
  dirname(createRequire(import.meta.url).resolve('@greenroom/openapi/package.json')),
  'releases',
);

/** Returns all releases of the document, newest first. */
export function readReleases(folder = RELEASES_FOLDER): Release[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Release)
    .sort((a, b) => compareVersions(b.document.info.version, a.document.info.version));
}

/** Returns a number below 0 when the first version is older. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  const index = left.findIndex((number, index) => number !== right[index]);
  return index < 0 ? 0 : (left[index] ?? 0) - (right[index] ?? 0);
}

export function majorOf(version: string): number {
  return numbersOf(version)[0] ?? 0;
}

function numbersOf(version: string): number[] {
  if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`${version} is not a version: write 1.2.3.`);
  return version.split('.').map(Number);
}
