import { fileURLToPath } from 'node:url';

/**
 * What the tests of every package share: TypeScript as it is, by way of swc, and workspace packages from source.
 *
 * @type {import('jest').Config}
 */
export const base = {
  reporters: ['default', fileURLToPath(new URL('scripts/test-reporter.mjs', import.meta.url))],
  // Most tests wait for something; Jest would leave one core of two to itself.
  maxWorkers: '100%',
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
