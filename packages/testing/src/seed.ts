const FIXED = 20_260_312;

/**
 * The seed of what is random in tests: `GREENROOM_TEST_SEED` where it is set, the same each time with CI=true, else
 * another in each run. `pnpm test` prints it, and so does each property that fails.
 */
export const testSeed = Number(
  process.env['GREENROOM_TEST_SEED'] ??
    (process.env['CI'] === 'true' ? FIXED : Math.floor(Math.random() * 2 ** 31)),
);
