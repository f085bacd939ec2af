/**
 * Prints the folder of an installed PostgreSQL with a server and pg_dump, in Debian's layout. Exits with status 1 when
 * there is none: the embedded PostgreSQL has no pg_dump.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const INSTALLED = '/usr/lib/postgresql';
const PROGRAMS = ['initdb', 'pg_ctl', 'postgres', 'pg_dump', 'pg_restore'];

const versions = existsSync(INSTALLED) ? readdirSync(INSTALLED).sort((a, b) => Number(b) - Number(a)) : [];
const folder = versions
  .map((version) => join(INSTALLED, version, 'bin'))
  .find((bin) => PROGRAMS.every((program) => existsSync(join(bin, program))));
if (folder === undefined) {
  console.error('The test of backups needs a PostgreSQL with pg_dump in /usr/lib/postgresql.');
  process.exit(1);
}
console.log(folder);
