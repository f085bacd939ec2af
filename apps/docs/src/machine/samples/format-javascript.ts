import { format } from 'prettier';

/** Laid out as the repository's own code is, in the width of a column beside the text. */
export async function formatJavaScript(source: string): Promise<string> {
  const formatted = await format(source, {
    parser: 'babel',
    printWidth: 90,
    singleQuote: true,
    trailingComma: 'all',
  });
  return formatted.trimEnd();
}
