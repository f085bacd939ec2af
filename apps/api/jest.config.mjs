import { base } from '../../jest.base.mjs';

/** @type {import('jest').Config} */
export default {
  ...base,
  testMatch: ['<rootDir>/src/**/*.test.ts', '<rootDir>/test/**/*.test.ts'],
  globalSetup: '<rootDir>/../../packages/database/src/testing/global-setup.ts',
  globalTeardown: '<rootDir>/../../packages/database/src/testing/global-teardown.ts',
  setupFilesAfterEnv: ['<rootDir>/test/harness/statements/setup.ts'],
  // A test may wait for a real deadline or a real database.
  testTimeout: 60_000,
};
