import { expect, test } from '@jest/globals';
import parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';

import { boundaries, namedExports } from '../lint/boundaries.js';

const linter = new Linter();
const config: Linter.Config[] = [
  { files: ['**/*.ts'], languageOptions: { parser } },
  ...boundaries,
  namedExports,
];

function faults(filename: string, code: string): string[] {
  return linter.verify(code, config, { filename }).map(({ ruleId, message }) => ruleId ?? message);
}

const IMPORT = ['no-restricted-imports'];
const FOREIGN = ['boundaries/own-files-only'];
const SYNTAX = ['no-restricted-syntax'];

test.each([
  ['packages/contract/src/index.ts', '@greenroom/database'],
  ['packages/client/src/index.ts', '@greenroom/contract'],
  ['packages/database/src/index.ts', '@greenroom/api'],
  ['packages/database/src/index.ts', '@greenroom/client'],
  ['apps/api/src/sessions/session-service.ts', '@greenroom/client'],
  ['apps/api/src/sessions/session-service.ts', 'express'],
  ['apps/api/src/sessions/session-repository.ts', 'express'],
  ['apps/api/src/sessions/create-repository.ts', 'express'],
  ['apps/api/src/sessions/session-handlers.ts', 'express'],
  ['apps/api/src/sessions/session-handlers.ts', 'pg'],
  ['apps/api/src/sessions/session-handlers.ts', '@prisma/client'],
  ['apps/api/src/sessions/session-handlers.ts', 'graphile-worker'],
  ['apps/api/src/http/response/send-response.ts', 'pg'],
  ['apps/api/src/app.ts', '@greenroom/docs'],
  ['apps/api/src/sessions/session-service.ts', '@greenroom/worker'],
  ['apps/docs/src/site/site.ts', '@greenroom/api/sessions/session-list'],
  ['apps/docs/src/site/site.ts', '@greenroom/client'],
  ['packages/compatibility/src/index.ts', '@greenroom/docs'],
  ['packages/pages/src/copy-text.ts', '@greenroom/client'],
  ['scripts/check-compatibility.ts', '@greenroom/docs'],
  ['scripts/generate/contract.ts', '@greenroom/api'],
  ['apps/worker/src/worker.ts', '@greenroom/api'],
  ['apps/worker/src/worker.ts', '@greenroom/client'],
  ['apps/worker/src/worker.ts', '@greenroom/database'],
])('%s may not import %s', (filename, specifier) => {
  expect(faults(filename, `import { thing } from '${specifier}';`)).toEqual(IMPORT);
});

test.each([
  ['apps/api/src/sessions/session-service.ts', '../../../../packages/contract/src/index.ts'],
  ['apps/worker/test/claiming.test.ts', '../../api/src/common/ids.ts'],
  ['apps/docs/test/site.test.ts', '../../api/test/harness/test-server.ts'],
  ['packages/client/test/responses.ts', '../../contract/src/index.ts'],
  ['scripts/test/exports.test.ts', '../../apps/api/src/common/ids.ts'],
])('%s may not import %s, which is a file of another package', (filename, specifier) => {
  expect(faults(filename, `import { thing } from '${specifier}';`)).toEqual(FOREIGN);
  expect(faults(filename, `export * from '${specifier}';`)).toEqual(FOREIGN);
});

test.each([
  ['apps/api/test/isolation.test.ts', '../src/common/ids.ts'],
  ['apps/api/jest.config.mjs', '../../jest.base.mjs'],
  ['packages/database/src/index.ts', '@greenroom/contract'],
  ['apps/api/src/sessions/session-service.ts', '@greenroom/contract'],
  ['apps/api/src/sessions/session-repository.ts', '@greenroom/database'],
  ['apps/api/src/app.ts', 'express'],
  ['apps/api/src/http/response/send-response.ts', 'express'],
  ['apps/api/src/authentication/authenticator.ts', 'express'],
  ['apps/api/src/rate-limits/rate-limit-middleware.ts', 'express'],
  ['apps/docs/src/site/site.ts', '@greenroom/contract/document'],
  ['apps/docs/src/browser/playground/key.ts', '@greenroom/client'],
  ['apps/docs/src/browser/copy.ts', '@greenroom/pages'],
  ['apps/docs/test/guides.test.ts', '@greenroom/api/testing'],
  ['packages/compatibility/src/index.ts', '@greenroom/contract'],
  ['scripts/bench/list/floor-server.ts', '@greenroom/api/http/paging'],
  ['scripts/check-compatibility.ts', '@greenroom/compatibility'],
  ['apps/worker/src/worker.ts', '@greenroom/contract'],
])('%s may import %s', (filename, specifier) => {
  expect(faults(filename, `import { thing } from '${specifier}';`)).toEqual([]);
});

test.each([
  ['apps/api/src/errors/api-error.ts', '../http/pipeline.ts'],
  ['apps/api/src/http/body/json-body.ts', '../../sessions/lifecycle.ts'],
  ['apps/api/src/sessions/lifecycle.ts', '../assignments/claim-service.ts'],
  ['apps/api/src/novelties/novelty.ts', '../errors/api-error.ts'],
  ['apps/docs/src/pages/landing-page.ts', '../site/layout.ts'],
  ['apps/worker/src/control-plane/control-plane.ts', '../assignments/lease.ts'],
  ['packages/client/src/errors/describe-cause.ts', '../http/delay.ts'],
  ['scripts/bench/main.ts', '../faults/soak.ts'],
])('%s may not import %s, by the order of folders', (filename, specifier) => {
  expect(faults(filename, `import { thing } from '${specifier}';`)).toEqual(['boundaries/folder-order']);
});

const RUNNER = 'apps/api/src/background/job-runner.ts';
const MIGRATIONS = 'packages/database/src/migrate.ts';
test.each([
  [RUNNER, "import { Logger as JobLogger, runTaskList, type TaskList } from 'graphile-worker';", []],
  [RUNNER, "import { run } from 'graphile-worker';", IMPORT],
  [RUNNER, "import * as jobs from 'graphile-worker';", IMPORT],
  [RUNNER, "import { runTaskList } from 'graphile-worker/dist/main.js';", IMPORT],
  [MIGRATIONS, "const { Logger, runMigrations } = await import('graphile-worker');", []],
  [MIGRATIONS, "const { runMigrations, quickAddJob } = await import('graphile-worker');", SYNTAX],
  [MIGRATIONS, "const jobs = await import('graphile-worker');", SYNTAX],
  [MIGRATIONS, "import { run } from 'graphile-worker';", IMPORT],
])('%s may import only the parts of the job library that are used: %s', (filename, code, expected) => {
  expect(faults(filename, code)).toEqual(expected);
});

const STATEMENTS = [
  'await tx.$queryRaw`SELECT 1`;',
  'await database.prisma.$executeRawUnsafe(text);',
  'await database.pool.query(text);',
  'await client.query({ name, text, values });',
  'await tx.session.findUnique({ where });',
  'await prisma.plan.findMany();',
  'await database.prisma.plan.findMany();',
];

test.each(STATEMENTS)('only a repository contains %s', (statement) => {
  for (const name of ['session-handlers', 'session-service', 'session-sweeper']) {
    expect(new Set(faults(`apps/api/src/sessions/${name}.ts`, statement))).toEqual(new Set(SYNTAX));
  }
  expect(faults('apps/api/src/sessions/session-repository.ts', statement)).toEqual([]);
});

test('only a repository imports Prisma, and every file may pass transactions on', () => {
  const prisma = "import { Prisma } from '@greenroom/database';";
  for (const name of ['sessions/session-service', 'sessions/session-handlers', 'http/pipeline']) {
    expect(faults(`apps/api/src/${name}.ts`, prisma)).toEqual(IMPORT);
  }
  expect(faults('apps/api/src/sessions/session-repository.ts', prisma)).toEqual([]);
  const use = 'await database.transaction((tx) => find(tx, database.prisma));';
  expect(faults('apps/api/src/sessions/session-service.ts', use)).toEqual([]);
});

// Split, because the rules also apply to this file.
const privateTable = ['graphile_worker', '_private_jobs'].join('.');
const status = ['SET', 'status'].join(' ');

test.each([
  ['a private table of the job library', `UPDATE ${privateTable} SET locked_at = now()`],
  ['the status of a session', `UPDATE sessions ${status} = 1 WHERE id = 2`],
])('no test sets %s by SQL', (_name, statement) => {
  const file = 'apps/api/test/sessions/end.test.ts';
  expect(faults(file, `await pool.query('${statement}');`)).toEqual(SYNTAX);
  expect(faults(file, `await pool.query(\`${statement}\`);`)).toEqual(SYNTAX);
});

test('default exports are forbidden', () => {
  expect(faults('apps/api/src/ids.ts', 'export default 1;')).toEqual(['no-restricted-exports']);
  expect(faults('apps/api/src/ids.ts', 'const a = 1; export { a as default };')).toEqual([
    'no-restricted-exports',
  ]);
});
