import type { ErrorEntry, OpenApiDocument } from '@greenroom/contract/document';

/** Returns the module with the table of error codes and an example of each. Fails when the enum and its table differ. */
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
  const withExamples = Object.fromEntries(
    Object.entries(table).map(([code, entry]) => [code, { ...entry, example: exampleOf(code, entry) }]),
  );
  return [
    `export const errorTable = ${JSON.stringify(withExamples)} as const;`,
    'export type ErrorCode = keyof typeof errorTable;',
  ].join('\n\n');
}

/**
 * Returns the example of a code: its first message with the sample in it.
 *
 * @throws when the sample lacks a parameter of a message
 */
export function exampleOf(code: string, { messages, sample = {} }: ErrorEntry) {
  const rendered = Object.values(messages).map((template) =>
    template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      if (sample[name] === undefined) throw new Error(`ErrorCode: ${code} has no sample of {${name}}`);
      return String(sample[name]);
    }),
  );
  const [message] = rendered;
  if (message === undefined) throw new Error(`ErrorCode: ${code} has no message`);
  return { message, param: sample['param'] ?? null };
}
