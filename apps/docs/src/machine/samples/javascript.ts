/** Pieces that samples in JavaScript are made of. Quotes and line breaks are the formatter's. */

export const READ_FILE = "import { readFile } from 'node:fs/promises';";

/** A value as an expression. */
export function literal(value: unknown): string {
  return JSON.stringify(value);
}

/** A file of the working directory as an expression, with its name. */
export function fileOf(name: string): string {
  return `new File([await readFile(${literal(name)})], ${literal(name)})`;
}
