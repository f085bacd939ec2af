/** Exits with status 1 when PgBouncer, a pooler in front of PostgreSQL, is missing. */
import { spawnSync } from 'node:child_process';

if (spawnSync('pgbouncer', ['--version'], { stdio: 'ignore' }).status !== 0) {
  console.error('The tests behind a connection pooler need pgbouncer.');
  process.exit(1);
}
