/**
 * Who may import whom: `apps → packages/client, packages/database → packages/contract → openapi`, and inside the API
 * HTTP and SQL apart. Each rule carries the reason that a reader is told.
 */

const acrossPackages = {
  regex: '^(\\.\\./)+(packages|apps|openapi|scripts)/',
  message: 'Packages know each other by name.',
};
const workspace = (names, message) => ({ regex: `^@greenroom/(${names})(/|$)`, message });
const ownCustomer = workspace('client', 'The server is not its own customer.');
const express = { regex: '^express(/|$)', message: 'Only what speaks HTTP knows Express.' };
const postgres = {
  regex: '^(pg|@prisma/.*)(/|$)',
  message: 'The database is reached through @greenroom/database.',
};
const jobs = { regex: '^graphile-worker(/|$)', message: 'Jobs are run by background/job-runner.ts.' };
const sql = {
  group: ['@greenroom/database'],
  importNames: ['Prisma'],
  message: 'Handlers know no SQL; a repository does.',
};

function forbid(files, ...patterns) {
  return {
    files,
    rules: { 'no-restricted-imports': ['error', { patterns: [acrossPackages, ...patterns] }] },
  };
}

const inApi = (...names) => names.map((name) => `apps/api/src/${name}`);
const speaksHttp = [
  'app.ts',
  'server.ts',
  'http/**',
  'contract/**',
  'authentication/authenticator.ts',
  'rate-limits/*middleware*',
];

/**
 * Blocks of an ESLint configuration. The last one that matches a file holds, so each says all that holds for it.
 *
 * @type {import('eslint').Linter.Config[]}
 */
export const boundaries = [
  forbid(['**/*.{ts,js,mjs}']),
  forbid(['packages/contract/src/**'], workspace('.*', 'The contract depends on the document alone.')),
  forbid(['packages/client/src/**'], workspace('.*', 'Customers install the client by itself.')),
  forbid(['packages/database/src/**'], workspace('(?!contract).*', 'The database knows no application.')),
  forbid(
    ['apps/worker/src/**'],
    workspace('(?!contract).*', 'The worker knows the server by the document alone.'),
  ),
  forbid(inApi('**'), ownCustomer, express, postgres, jobs),
  forbid(inApi(...speaksHttp), ownCustomer, postgres, jobs),
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
 * Everything has one name, wherever it is imported. Only files that a tool demands a default of are left out.
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
