/** The seed of randomness in tests. `scripts/run-tests.mjs` chooses and prints it; it is fixed with CI=true. */
export const testSeed = Number(process.env['GREENROOM_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
