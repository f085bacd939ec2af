import type { OpenApiDocument } from '@greenroom/contract/document';

/** `SessionStatus` → `sessionStatusValues`: every named enum of the document as a constant tuple and its type. */
export function enumsModule(document: OpenApiDocument): string {
  return Object.entries(document.components.schemas)
    .filter(([, schema]) => Array.isArray(schema.enum) && schema['x-errors'] === undefined)
    .map(([name, schema]) => {
      const constant = `${name[0]?.toLowerCase()}${name.slice(1)}Values`;
      return [
        `export const ${constant} = ${JSON.stringify(schema.enum)} as const;`,
        `export type ${name} = (typeof ${constant})[number];`,
      ].join('\n');
    })
    .join('\n\n');
}
