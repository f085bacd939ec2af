import { readFileSync } from 'node:fs';

import { diff } from './schema-engine.ts';

const schemaFile = new URL('../prisma/schema.prisma', import.meta.url);

/** The SQL that would make the database at `url` what `schema.prisma` describes; `''` when it is. */
export function missingFromDatabase(url: string, schema = readSchema()): Promise<string> {
  return diff(url, { kind: 'database' }, { kind: 'schema', schema });
}

/** The SQL that would make a database that `schema.prisma` describes like the one at `url`; `''` when it is. */
export function missingFromSchema(url: string, schema = readSchema()): Promise<string> {
  return diff(url, { kind: 'schema', schema }, { kind: 'database' });
}

/** The text of `schema.prisma`. */
export function readSchema(): string {
  return readFileSync(schemaFile, 'utf8');
}
