import parser from '@typescript-eslint/parser';
import { defineConfig, globalIgnores } from 'eslint/config';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';

import { boundaries, namedExports } from './boundaries.js';

/** Rules on the structure of this repository, without types. Oxlint has the other rules. */
export const config = defineConfig(
  globalIgnores(['**/dist/', '**/generated/', '**/node_modules/', '**/coverage/', '.greenroom/', '.turbo/']),
  // Change a wrong rule here, for all files, instead of disabling it for a line.
  { linterOptions: { noInlineConfig: true } },
  {
    plugins: { 'import-x': importX },
    settings: {
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'], espree: ['.js', '.mjs'] },
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.tsx', '.js', '.mjs'] })],
    },
    rules: {
      'no-useless-assignment': 'error',
      'import-x/order': [
        'error',
        {
          groups: ['builtin', 'external', ['parent', 'sibling', 'index']],
          // Packages of the workspace are links, so their files are outside of node_modules.
          pathGroups: [{ pattern: '@greenroom/**', group: 'external' }],
          pathGroupsExcludedImportTypes: [],
          'newlines-between': 'always',
          alphabetize: { order: 'asc' },
        },
      ],
    },
  },
  { files: ['**/*.{ts,tsx}'], languageOptions: { parser } },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        performance: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
      },
    },
    rules: { 'no-undef': 'error' },
  },
  { files: ['apps/console/public/*.js'], languageOptions: { globals: { globalThis: 'readonly' } } },
  {
    files: ['apps/release/*.js'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: { __dirname: 'readonly', AbortSignal: 'readonly', fetch: 'readonly' },
    },
  },
  {
    // TypeScript checks the names of the browser.
    files: ['apps/docs/src/browser/**/*.js'],
    rules: { 'no-undef': 'off' },
  },
  namedExports,
  ...boundaries,
);
