import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { parse, stringify } from 'yaml';

import { exampleOf } from './errors.ts';
import type { ErrorEntry } from './openapi-document.ts';
import { repository } from './target.ts';

const STAMP = '# Generated from the table in ErrorCode.yaml by `pnpm generate`. Do not edit.';
const REQUEST_ID = 'req_01KKGP79VGSRRGWTZF7M80NDQE';

/** Returns the document's examples of errors as files by name, one for each code. */
export async function errorExamples(): Promise<Record<string, string>> {
  const source = await readFile(join(repository, 'openapi/components/schemas/ErrorCode.yaml'), 'utf8');
  const { 'x-errors': table } = parse(source) as { 'x-errors': Record<string, ErrorEntry> };
  return Object.fromEntries(
    Object.entries(table).map(([code, entry]) => {
      const { message, param } = exampleOf(code, entry);
      const error = { type: entry.type, code, message, param, request_id: REQUEST_ID };
      const example = stringify({ summary: entry.title, value: { error } }, { lineWidth: 0 });
      return [`${code}.yaml`, `${STAMP}\n${example}`];
    }),
  );
}
