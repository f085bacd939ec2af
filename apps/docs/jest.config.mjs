import { base } from '../../jest.base.mjs';

/** @type {import('jest').Config} */
export default {
  ...base,
  testMatch: ['<rootDir>/src/**/*.test.ts', '<rootDir>/test/**/*.test.ts'],
  globalSetup: '<rootDir>/../../packages/database/src/testing/global-setup.ts',
  globalTeardown: '<rootDir>/../../packages/database/src/testing/global-teardown.ts',
  // Tests run the portal's samples as processes against a real server.
  testTimeout: 180_000,
};
