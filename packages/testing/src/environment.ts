/** The seed of randomness in tests. `scripts/run-tests.mjs` chooses and prints it; it is fixed with CI=true. */
export const testSeed = Number(process.env['GREENROOM_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

/** A tool that some tests need. `scripts/run-tests.mjs` looks for it. */
export type Tool =
  'BROWSER' | 'CURL' | 'LIVEKIT' | 'PGBOUNCER' | 'PG_DUMP' | 'PROMETHEUS' | 'PYTHON' | 'SYSTEMD';

/** Returns why the tests of a tool are skipped; empty when they run. */
export function reasonWithout(tool: Tool): string {
  return process.env[`GREENROOM_WITHOUT_${tool}`] ?? '';
}

/** Returns the name of a suite or test that is skipped for a reason, as `scripts/test-reporter.mjs` reads it. */
export function skippable(name: string, reason: string): string {
  return reason === '' ? name : `${name} [skipped: ${reason}]`;
}
