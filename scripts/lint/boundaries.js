/**
 * The allowed imports: `apps → packages/{client,database,compatibility,tracing} → packages/{contract,settings,pages} → openapi`.
 * No application imports another. In the API, HTTP and SQL are separate. The message of each rule gives its reason.
 */
import { dirname, relative, resolve, sep } from 'node:path';

const REPOSITORY = resolve(import.meta.dirname, '../..');

/** Returns the folder of the package that holds a file, such as `apps/api`; the repository's root is `.`. */
function packageOf(path) {
  const [first = '', second = ''] = relative(REPOSITORY, path).split(sep);
  if (first === 'apps' || first === 'packages') return `${first}/${second}`;
  return first === 'openapi' || first === 'scripts' ? first : '.';
}

/** @type {import('eslint').Rule.RuleModule} */
const ownFilesOnly = {
  meta: { type: 'problem', messages: { foreign: 'Import another package by its name.' }, schema: [] },
  create(context) {
    const file = resolve(REPOSITORY, context.filename);
    const own = packageOf(file);
    const check = ({ source }) => {
      if (typeof source?.value !== 'string' || !source.value.startsWith('.')) return;
      const imported = packageOf(resolve(dirname(file), source.value));
      if (imported !== own && imported !== '.') context.report({ node: source, messageId: 'foreign' });
    };
    return { ImportDeclaration: check, ExportNamedDeclaration: check, ExportAllDeclaration: check };
  },
};

/**
 * The folders of the API's source, each importing only from those before it. Files outside of them import any, and no folder
 * imports from them.
 */
const API_FOLDERS = [
  ...['common', 'outbound', 'metrics', 'tracing', 'document', 'errors', 'contract'],
  ...['rate-limits', 'http', 'static-site', 'authentication', 'idempotency', 'audit'],
  ...['accounts', 'usage', 'plans', 'images', 'dispatch', 'event-log', 'avatars', 'sessions', 'assignments'],
  ...[
    'events',
    'webhooks',
    'api-keys',
    'workers',
    'retention',
    'limits',
    'status',
    'background',
    'startup',
    'cli',
  ],
];

/** The folders of each `src/`, in the same order. A file next to the folders is listed when a folder imports it. */
const FOLDERS = {
  'apps/api/src': API_FOLDERS,
  'apps/console/src': ['theme', 'api', 'components', 'session', 'shell', 'pages'],
  'apps/docs/src': [
    'html.ts',
    'paths.ts',
    'markdown',
    'blocks',
    'document',
    'machine',
    'pages',
    'search',
    'browser',
    'site',
  ],
  'apps/worker/src': [
    'with-resolver.ts',
    'runtime.ts',
    'control-plane',
    'assignments',
    'simulator',
    'avatar',
    'livekit',
    'media',
    'process',
  ],
  'packages/client/src': [
    'generated',
    'user-agent.ts',
    'options.ts',
    'operation.ts',
    'settings.ts',
    'errors',
    'http',
    'lists',
    'methods',
  ],
  'packages/database/src': [
    'query-timeout.ts',
    'generated',
    'migrate.ts',
    'embedded',
    'distribution',
    'testing',
  ],
  scripts: [
    ...[
      'running-processes.mjs',
      'build-apps.mjs',
      'server-process.ts',
      'built-programs.ts',
      'launchers.mjs',
      'worker-environment.mjs',
    ],
    ...['test-results.mjs', 'test-reporter.mjs'],
    ...['generate', 'generators', 'release', 'bench', 'faults', 'lint', 'test'],
  ],
};

/** @type {import('eslint').Rule.RuleModule} */
const folderOrder = {
  meta: {
    type: 'problem',
    messages: {
      later: '{{ own }}/ comes before {{ imported }} and must not import from it.',
      unlisted: 'Add {{ own }}/ to the order of folders in boundaries.js.',
    },
    schema: [],
  },
  create(context) {
    const file = resolve(REPOSITORY, context.filename);
    const source = Object.keys(FOLDERS).find((path) => file.startsWith(resolve(REPOSITORY, path) + sep));
    if (source === undefined) return {};
    const folders = FOLDERS[source];
    const entryOf = (path) => relative(resolve(REPOSITORY, source), path).split(sep)[0];
    const placeOf = (entry) => {
      const place = folders.indexOf(entry);
      // A file that is not listed comes last.
      return place === -1 && /\.(?:[mc]?js|tsx?)$/.test(entry) ? folders.length : place;
    };
    const own = entryOf(file);
    const check = ({ source: target }) => {
      if (typeof target?.value !== 'string' || !target.value.startsWith('.')) return;
      const imported = entryOf(resolve(dirname(file), target.value));
      const [place, itsPlace] = [placeOf(own), placeOf(imported)];
      if (place === -1) {
        context.report({ node: target, messageId: 'unlisted', data: { own } });
      } else if (itsPlace > place) {
        context.report({ node: target, messageId: 'later', data: { own, imported } });
      }
    };
    return { ImportDeclaration: check, ExportNamedDeclaration: check, ExportAllDeclaration: check };
  },
};

/** Returns a selector of matching strings, as literals or in templates. */
const text = (regex) => `:matches(Literal[value=${regex}], TemplateElement[value.raw=${regex}])`;
const privateTables = {
  selector: text('/graphile_worker\\._private/'),
  message: 'The tables of the job library are its own: use its functions and views.',
};
const statusBySql = {
  selector: text('/\\bUPDATE\\s+sessions\\s+SET\\s+status\\b/i'),
  message: 'A session changes its status over the wire, through a customer or a worker.',
};

const JOB_NAMES = ['Logger', 'runMigrations', 'runTaskList', 'TaskList', 'WorkerEvents'];
const JOBS = `Of the job library, only ${JOB_NAMES.join(', ')} are used: its \`run\` rejects uncaught in an outage.`;
const jobImport = 'ImportExpression[source.value=/^graphile-worker(\\/|$)/]';
const awaitedJobs = 'VariableDeclarator[id.type="ObjectPattern"] > AwaitExpression';
/** Forbids other names of the job library in dynamic imports. */
const jobsLater = [
  `:not(${awaitedJobs}) > ${jobImport}`,
  `${awaitedJobs} > ${jobImport}[source.value=/\\//]`,
  `VariableDeclarator[init.argument.source.value="graphile-worker"] > ObjectPattern > :not(Property[key.name=/^(${JOB_NAMES.join('|')})$/])`,
].map((selector) => ({ selector, message: JOBS }));

const workspace = (names, message) => ({ regex: `^@greenroom/(${names})(/|$)`, message });
const noCaller = workspace(
  'client|console|docs|worker',
  'The server imports neither the client nor another application.',
);
const express = { regex: '^express(/|$)', message: 'Only the HTTP layer imports Express.' };
const postgres = {
  regex: '^(pg|@prisma/.*)(/|$)',
  message: 'Use @greenroom/database to access the database.',
};
const jobs = { regex: '^graphile-worker(/|$)', message: 'Only background/job-runner.ts runs jobs.' };
const jobNames = { regex: '^graphile-worker$', allowImportNames: JOB_NAMES, message: JOBS };
const jobFiles = { regex: '^graphile-worker/', message: JOBS };
const SQL = 'Only files named *-repository.ts contain SQL or access tables.';
const sqlImport = { group: ['@greenroom/database'], importNames: ['Prisma'], message: SQL };
const sqlCalls = [
  'MemberExpression[property.name=/^\\$(query|execute)Raw/]',
  'CallExpression[callee.property.name="query"]',
  'MemberExpression[object.name=/^(prisma|tx)$/]',
  'MemberExpression[object.property.name="prisma"]',
].map((selector) => ({ selector, message: SQL }));

function forbid(files, ...patterns) {
  return {
    files,
    rules: { 'no-restricted-imports': ['error', { patterns }] },
  };
}

const inApi = (...names) => names.map((name) => `apps/api/src/${name}`);
const httpLayer = [
  'app.ts',
  'http/**',
  'contract/**',
  'static-site/**',
  'authentication/{authenticator,authorization}*.ts',
  'status/service-routes.ts',
  'rate-limits/*middleware*',
];

/**
 * Blocks of an ESLint configuration. For each file only the last matching block applies, so each block is complete.
 *
 * @type {import('eslint').Linter.Config[]}
 */
export const boundaries = [
  {
    files: ['**/*.{ts,tsx,js,mjs}'],
    // In the root, because ESLint and editors look for it there.
    ignores: ['eslint.config.js'],
    plugins: { boundaries: { rules: { 'own-files-only': ownFilesOnly, 'folder-order': folderOrder } } },
    rules: { 'boundaries/own-files-only': 'error' },
  },
  {
    files: ['**/*.{ts,tsx,js,mjs}'],
    rules: { 'no-restricted-syntax': ['error', privateTables, ...jobsLater] },
  },
  {
    files: ['**/test/**', '**/*.test.ts'],
    rules: { 'no-restricted-syntax': ['error', privateTables, statusBySql, ...jobsLater] },
  },
  forbid(['packages/contract/src/**'], workspace('.*', 'The contract depends only on the document.')),
  forbid(['packages/client/src/**'], workspace('.*', 'Customers install the client without other packages.')),
  forbid(
    ['packages/client/src/**/*.test.ts'],
    workspace('(?!testing).*', 'Customers install the client without other packages.'),
  ),
  forbid(
    ['packages/database/src/**'],
    workspace('(?!contract).*', 'The database package must not depend on an application.'),
    jobNames,
    jobFiles,
  ),
  forbid(
    ['packages/database/src/**/*.test.ts'],
    workspace('(?!contract|testing).*', 'The database package must not depend on an application.'),
  ),
  forbid(['packages/tracing/src/**'], workspace('.*', 'Any program can make traces.')),
  forbid(['packages/tracing/src/**/*.test.ts'], workspace('(?!testing).*', 'Any program can make traces.')),
  forbid(
    ['packages/compatibility/src/**'],
    workspace('(?!contract).*', 'The comparison of documents depends only on documents.'),
  ),
  forbid(['packages/pages/src/**'], workspace('.*', 'What pages share depends on no other package.')),
  forbid(['packages/settings/src/**'], workspace('.*', 'Settings depend on no other package.')),
  forbid(
    ['apps/docs/src/**'],
    workspace('(?!contract|compatibility|pages).*', 'The portal is rendered from the document alone.'),
  ),
  forbid(
    ['apps/docs/src/browser/playground/**'],
    workspace('(?!client).*', 'The playground knows the server as a customer does.'),
  ),
  forbid(
    ['scripts/*.{ts,mjs}', 'scripts/{generate,generators,lint}/**'],
    workspace('api|console|docs|worker', 'Only measurements and tests import an application.'),
  ),
  forbid(
    ['apps/console/src/**'],
    workspace('(?!client|contract|pages).*', 'The console knows the server only by its client.'),
  ),
  forbid(
    ['apps/worker/src/**'],
    workspace(
      '(?!contract|media-protocol|settings|tracing).*',
      'The worker knows the server only by the document.',
    ),
  ),
  {
    files: Object.keys(FOLDERS).map((source) => `${source}/*/**/*.{ts,tsx,mjs,js}`),
    // Tests use the package through its entry, or its test harness.
    ignores: ['packages/{client,database}/src/**/*.test.ts'],
    rules: { 'boundaries/folder-order': 'error' },
  },
  forbid(inApi('**'), noCaller, express, postgres, jobs, sqlImport),
  forbid(inApi(...httpLayer), noCaller, postgres, jobs, sqlImport),
  forbid(inApi('background/job-runner.ts'), noCaller, express, postgres, jobNames, jobFiles, sqlImport),
  forbid(inApi('**/*-repository.ts'), noCaller, express, postgres, jobs),
  {
    files: inApi('**'),
    ignores: inApi('**/*-repository.ts', '**/*.test.ts'),
    rules: { 'no-restricted-syntax': ['error', privateTables, ...sqlCalls, ...jobsLater] },
  },
];

/**
 * Forbids default exports, so that everything has one name. Ignores files for which a tool requires one.
 *
 * @type {import('eslint').Linter.Config}
 */
export const namedExports = {
  files: ['**/*.{ts,tsx,js,mjs}'],
  ignores: [
    '**/*.config.{js,mjs,ts}',
    'scripts/test-reporter.mjs',
    '**/global-{setup,teardown}.ts',
    'openapi/rules/plugin.js',
  ],
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
