/**
 * Generates clients in other languages from the public document, and runs each on every example of the document and on
 * responses of a newer server: `pnpm generators`. Skips generators whose language is not installed. Prints the counts in
 * the format of Jest.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { publicDocument } from '@greenroom/contract/document';

import { casesOf, type Case } from './cases.ts';
import type { Generator, Reading } from './generator.ts';
import { losses } from './losses.ts';
import { oapiCodegen } from './oapi-codegen.ts';
import { openapiGenerator, openapiPythonClient } from './python.ts';

const GENERATORS = [oapiCodegen, openapiGenerator, openapiPythonClient];
const CACHE = join(import.meta.dirname, '../node_modules/.cache/generators');

const workshop = await mkdtemp(join(tmpdir(), 'greenroom-generators-'));
const document = publicDocument();
const cases = casesOf(document);
const documentFile = join(workshop, 'openapi.json');
const casesFile = join(workshop, 'cases.json');
await writeFile(documentFile, JSON.stringify(document));
await writeFile(casesFile, JSON.stringify(cases));

const counts = { failed: 0, skipped: 0, passed: 0 };
try {
  for (const { lines, ...result } of await Promise.all(GENERATORS.map(check))) {
    console.log(lines.join('\n'));
    counts.failed += result.failed;
    counts.skipped += result.skipped;
    counts.passed += result.passed;
  }
} finally {
  await rm(workshop, { recursive: true });
}
const { failed, skipped, passed } = counts;
console.log(
  `Tests: ${failed} failed, ${skipped} skipped, ${passed} passed, ${failed + skipped + passed} total`,
);
process.exitCode = failed > 0 ? 1 : 0;

interface Result {
  lines: string[];
  failed: number;
  skipped: number;
  passed: number;
}

/** Generates and runs one client. Counts the generation as one check, and each body as another. */
async function check(generator: Generator): Promise<Result> {
  const { name, needs } = generator;
  const missing = needs.filter((program) => !isOnPath(program));
  if (missing.length > 0) {
    const lines = [`${name}: skipped, ${missing.join(' and ')} not on the PATH`];
    return { lines, failed: 0, skipped: 1 + cases.length, passed: 0 };
  }
  const start = performance.now();
  try {
    const folder = join(workshop, name.replaceAll(' ', '-'));
    await mkdir(folder);
    const readings = await generator.run({ documentFile, cases, casesFile, folder, cache: CACHE });
    const faults = cases.flatMap((one, index) => {
      const found = faultsOf(one, readings[index]);
      return found.length > 0 ? [`  ${one.name}: ${found.join('; ')}`] : [];
    });
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    const read = cases.length - faults.length;
    const line = `${name}: client generated, ${read} of ${cases.length} bodies read and written again (${seconds} s)`;
    return { lines: [line, ...faults], failed: faults.length, skipped: 0, passed: 1 + read };
  } catch (error) {
    const lines = [`${name}: ${error instanceof Error ? error.message : String(error)}`];
    return { lines, failed: 1 + cases.length, skipped: 0, passed: 0 };
  }
}

function faultsOf({ expected, literal = '' }: Case, reading: Reading | undefined): string[] {
  if (reading === undefined) return ['was not read'];
  if ('error' in reading) return [reading.error];
  const lost = losses(expected, JSON.parse(reading.written));
  return reading.written.includes(literal) ? lost : [...lost, `has no ${literal}`];
}

function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}
