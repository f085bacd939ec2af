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
