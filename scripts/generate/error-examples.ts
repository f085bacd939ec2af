import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ErrorEntry } from '@greenroom/contract/document';
import { parse, stringify } from 'yaml';

import { exampleOf } from './errors.ts';
import { repository } from './target.ts';

const STAMP = '# Generated from the table in ErrorCode.yaml by `pnpm generate`. Do not edit.';
const TABLE_RULE = 'greenroom/error-table';
const REQUEST_ID = 'req_01KKGP79VGSRRGWTZF7M80NDQE';

/** Returns the document's examples of errors as files by name, one for each code that an operation can give. */
export async function errorExamples(): Promise<Record<string, string>> {
  const [schema, settings] = await Promise.all([
    read<{ 'x-errors': Record<string, ErrorEntry> }>('components/schemas/ErrorCode.yaml'),
    read<{ rules: { [TABLE_RULE]: { beyond_operations: string[] } } }>('redocly.yaml'),
  ]);
  const { beyond_operations: beyondOperations } = settings.rules[TABLE_RULE];
  return Object.fromEntries(
    Object.entries(schema['x-errors'])
      .filter(([code]) => !beyondOperations.includes(code))
      .map(([code, entry]) => [`${code}.yaml`, exampleFile(code, entry)]),
  );
}

function exampleFile(code: string, entry: ErrorEntry): string {
  const { message, param } = exampleOf(code, entry);
  const error = { type: entry.type, code, message, param, request_id: REQUEST_ID };
  return `${STAMP}\n${stringify({ summary: entry.title, value: { error } }, { lineWidth: 0 })}`;
}

async function read<Content>(path: string): Promise<Content> {
  return parse(await readFile(join(repository, 'openapi', path), 'utf8')) as Content;
}
