import { readFileSync } from 'node:fs';

import { diff } from './schema-engine.ts';

const schemaFile = new URL('../prisma/schema.prisma', import.meta.url);

/** Returns the SQL that changes the database at `url` to what `schema.prisma` describes; `''` when they match. */
export function missingFromDatabase(url: string, schema = readSchema()): Promise<string> {
  return diff(url, { kind: 'database' }, { kind: 'schema', schema });
}

/** Returns the SQL that changes what `schema.prisma` describes to the database at `url`; `''` when they match. */
export function missingFromSchema(url: string, schema = readSchema()): Promise<string> {
  return diff(url, { kind: 'schema', schema }, { kind: 'database' });
}

/** Returns the text of `schema.prisma`. */
export function readSchema(): string {
  return readFileSync(schemaFile, 'utf8');
}
