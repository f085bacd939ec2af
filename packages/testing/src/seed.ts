/**
 * The seed of what is random in tests. `scripts/run-tests.mjs` chooses it, always the same with CI=true, and prints it; a
 * property that fails prints it too.
 */
export const testSeed = Number(process.env['GREENROOM_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
