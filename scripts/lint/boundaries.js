/**
 * The allowed imports: `apps → packages/client, packages/database → packages/contract → openapi`. In the API, HTTP and
 * SQL are separate. The message of each rule gives its reason.
 */

const acrossPackages = {
  regex: '^(\\.\\./)+(packages|apps|openapi|scripts)/',
  message: 'Import another package by its name.',
};
const workspace = (names, message) => ({ regex: `^@greenroom/(${names})(/|$)`, message });
const ownCustomer = workspace('client', 'The server does not use the client.');
const express = { regex: '^express(/|$)', message: 'Only the HTTP layer imports Express.' };
const postgres = {
  regex: '^(pg|@prisma/.*)(/|$)',
  message: 'Use @greenroom/database to access the database.',
};
const jobs = { regex: '^graphile-worker(/|$)', message: 'Only background/job-runner.ts runs jobs.' };
const sql = {
  group: ['@greenroom/database'],
  importNames: ['Prisma'],
  message: 'Handlers contain no SQL; use a repository.',
};

function forbid(files, ...patterns) {
  return {
    files,
    rules: { 'no-restricted-imports': ['error', { patterns: [acrossPackages, ...patterns] }] },
  };
}

const inApi = (...names) => names.map((name) => `apps/api/src/${name}`);
const httpLayer = [
  'app.ts',
  'server.ts',
  'http/**',
  'contract/**',
  'authentication/authenticator.ts',
  'rate-limits/*middleware*',
];

/**
 * Blocks of an ESLint configuration. For each file only the last matching block applies, so each block is complete.
 *
 * @type {import('eslint').Linter.Config[]}
 */
export const boundaries = [
  forbid(['**/*.{ts,js,mjs}']),
  forbid(['packages/contract/src/**'], workspace('.*', 'The contract depends only on the document.')),
  forbid(['packages/client/src/**'], workspace('.*', 'Customers install the client without other packages.')),
  forbid(
    ['packages/database/src/**'],
    workspace('(?!contract).*', 'The database package must not depend on an application.'),
  ),
  forbid(
    ['apps/worker/src/**'],
    workspace('(?!contract).*', 'The worker knows the server only by the document.'),
  ),
  forbid(inApi('**'), ownCustomer, express, postgres, jobs),
  forbid(inApi(...httpLayer), ownCustomer, postgres, jobs),
  forbid(inApi('background/job-runner.ts'), ownCustomer, express, postgres),
  forbid(inApi('**/*-handlers.ts'), ownCustomer, express, postgres, jobs, sql),
  {
    files: inApi('**/*-handlers.ts'),
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: 'MemberExpression[property.name=/^\\$(query|execute)Raw/]', message: sql.message },
      ],
    },
  },
];

/**
 * Forbids default exports, so that everything has one name. Ignores files for which a tool requires one.
 *
 * @type {import('eslint').Linter.Config}
 */
export const namedExports = {
  files: ['**/*.{ts,js,mjs}'],
  ignores: ['**/*.config.{js,mjs}', '**/global-{setup,teardown}.ts', 'openapi/rules/plugin.js'],
  rules: {
    'no-restricted-exports': [
      'error',
      {
        restrictDefaultExports: {
          direct: true,
          named: true,
          defaultFrom: true,
          namedFrom: true,
          namespaceFrom: true,
        },
      },
    ],
  },
};
