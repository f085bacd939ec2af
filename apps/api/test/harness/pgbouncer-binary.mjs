/** Ends with status 1 where there is no PgBouncer, a pooler that operators put in front of PostgreSQL. */
import { spawnSync } from 'node:child_process';

if (spawnSync('pgbouncer', ['--version'], { stdio: 'ignore' }).status !== 0) {
  console.error('The tests behind a connection pooler need pgbouncer.');
  process.exit(1);
}
