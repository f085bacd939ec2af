import { base } from '../../jest.base.mjs';

/** @type {import('jest').Config} */
export default {
  ...base,
  testMatch: ['<rootDir>/src/**/*.test.ts', '<rootDir>/test/**/*.test.ts'],
  globalSetup: '<rootDir>/../../packages/database/src/testing/global-setup.ts',
  globalTeardown: '<rootDir>/../../packages/database/src/testing/global-teardown.ts',
  // A test visits several pages, possibly on a busy machine.
  testTimeout: 300_000,
};
