import { format } from 'prettier';

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
