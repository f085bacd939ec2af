import type { OpenApiDocument } from './openapi-document.ts';

/** The table of error codes, as a constant. Fails where the enum and its table differ. */
export function errorsModule(document: OpenApiDocument): string {
  const schema = document.components.schemas['ErrorCode'];
  const table = schema?.['x-errors'] ?? {};
  const codes = (schema?.enum ?? []) as string[];
  const unexplained = codes.filter((code) => !(code in table));
  const unlisted = Object.keys(table).filter((code) => !codes.includes(code));
  if (codes.length === 0 || unexplained.length > 0 || unlisted.length > 0) {
    throw new Error(
      `ErrorCode: enum and x-errors differ: ${[...unexplained, ...unlisted].join(', ') || 'empty'}`,
    );
  }
  return [
    `export const errorTable = ${JSON.stringify(table)} as const;`,
    'export type ErrorCode = keyof typeof errorTable;',
  ].join('\n\n');
}
