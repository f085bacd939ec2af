import { fileURLToPath } from 'node:url';

/**
 * The Jest configuration of every package: compiles TypeScript with swc, and reads workspace packages from source.
 *
 * @type {import('jest').Config}
 */
export const base = {
  reporters: ['default', fileURLToPath(new URL('scripts/test-reporter.mjs', import.meta.url))],
  // Most tests wait, so use every core: on two cores, Jest would use only one.
  maxWorkers: '100%',
  // A worker keeps about 30 MB of each test file, which Jest and Node do not free. Above this limit, a new worker replaces
  // it: the API's tests take a quarter less processor time.
  workerIdleMemoryLimit: '500MB',
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@greenroom/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'es6' } },
    ],
  },
};
