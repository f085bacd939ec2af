import { format } from 'prettier';

import { syncFolder } from './sync-folder.ts';

const STAMP = 'Generated from openapi/ by `pnpm generate`. Do not edit.';

/** Makes a `generated/` folder hold exactly these files, formatted, so that a change reads well in a diff. */
export async function writeGenerated(directory: string, files: Record<string, string>): Promise<void> {
  const formatted = Object.entries(files).map(async ([name, text]) => {
    const content = await format(name.endsWith('.ts') ? `// ${STAMP}\n\n${text}` : text, {
      filepath: name,
      printWidth: 110,
      singleQuote: true,
      trailingComma: 'all',
    });
    return [name, content] as const;
  });
  await syncFolder(directory, Object.fromEntries(await Promise.all(formatted)));
}
