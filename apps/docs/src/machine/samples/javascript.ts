/** Parts of samples in JavaScript. The formatter chooses quotes and line breaks. */
import { format } from 'prettier';

export const READ_FILE = "import { readFile } from 'node:fs/promises';";
export const WRITE_FILE = "import { writeFile } from 'node:fs/promises';";

/** Returns a value as an expression. */
export function literal(value: unknown): string {
  return JSON.stringify(value);
}

/** Returns an expression for a file of the working directory, with its name. */
export function fileOf(name: string): string {
  return `new File([await readFile(${literal(name)})], ${literal(name)})`;
}

/** Formats code in the repository's style, to the width of the column next to the text. */
export async function formatJavaScript(source: string): Promise<string> {
  const formatted = await format(source, {
    parser: 'babel',
    printWidth: 90,
    singleQuote: true,
    trailingComma: 'all',
  });
  return formatted.trimEnd();
}
