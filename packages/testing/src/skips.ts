/** What some tests need beyond Node: `scripts/run-tests.mjs` looks for it, and says what is not there. */
export type Tool = 'BROWSER' | 'CURL' | 'LIVEKIT' | 'PGBOUNCER' | 'PYTHON';

/** Returns why the tests of a tool are skipped; empty where they run. */
export function reasonWithout(tool: Tool): string {
  return process.env[`GREENROOM_WITHOUT_${tool}`] ?? '';
}

/** Returns the name of a suite or test that is skipped for a reason, as `scripts/test-reporter.mjs` reads it. */
export function skippable(name: string, reason: string): string {
  return reason === '' ? name : `${name} [skipped: ${reason}]`;
}
