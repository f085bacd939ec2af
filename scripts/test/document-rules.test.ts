import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { files, read, root } from './repository.ts';

type Json = Record<string, unknown>;

/** A document without problems. Each case breaks a part of it. */
function validDocument() {
  const json = (schema: Json, examples?: Json) => ({
    content: { 'application/json': { schema, ...(examples && { examples }) } },
  });
  const error = (status: number, code: string) => ({
    [status]: json(
      { $ref: '#/components/schemas/ApiErrorEnvelope' },
      { [code]: { value: { error: { code, type: 'refused' } } } },
    ),
  });
  return {
    openapi: '3.1.0',
    info: { title: 'Hosts', version: '1.0.0' },
    paths: {
      '/hosts': {
        get: {
          operationId: 'hosts.list',
          security: [{ customerKey: [] as string[] }] as Json[],
          'x-rate-limits': ['requests'],
          parameters: [
            {
              name: 'limit',
              in: 'query',
              schema: { type: 'integer', format: 'int32', minimum: 1, maximum: 100 },
            },
            { name: 'starting_after', in: 'query', schema: { $ref: '#/components/schemas/HostId' } },
          ],
          responses: {
            200: json({ $ref: '#/components/schemas/HostList' }),
            ...error(401, 'key.missing'),
            ...error(403, 'key.weak'),
            ...error(422, 'parameter.invalid'),
            ...error(429, 'too_fast'),
            ...error(500, 'internal'),
            ...error(503, 'busy'),
          },
        },
      },
    } as Json,
    components: {
      schemas: {
        HostId: { type: 'string', pattern: '^host_[0-9]+$', maxLength: 20 } as Json,
        Host: {
          type: 'object',
          additionalProperties: false,
          required: ['id', 'name'],
          properties: {
            id: { $ref: '#/components/schemas/HostId' },
            name: { type: 'string', maxLength: 10 },
          },
        } as Json,
        HostList: {
          type: 'object',
          additionalProperties: false,
          required: ['object', 'data', 'has_more', 'next_cursor'],
          properties: {
            object: { type: 'string', const: 'list' },
            data: { type: 'array', maxItems: 100, items: { $ref: '#/components/schemas/Host' } },
            has_more: { type: 'boolean' },
            next_cursor: { type: ['string', 'null'], maxLength: 20 },
          },
        } as Json,
        ApiErrorEnvelope: {
          type: 'object',
          additionalProperties: false,
          required: ['error'],
          properties: { error: { $ref: '#/components/schemas/ApiError' } },
        } as Json,
        ApiError: {
          type: 'object',
          additionalProperties: false,
          required: ['code', 'type'],
          properties: {
            code: { $ref: '#/components/schemas/ErrorCode' },
            type: { type: 'string', const: 'refused' },
          },
        } as Json,
        ErrorCode: errorCode(),
        HostStatus: hostStatus(),
      },
    },
  };
}

function hostStatus() {
  const transitions: Record<string, Json> = {
    start: { from: ['off'], to: 'on', actor: 'customer', reason: 'host.started' },
    fail: { from: ['off', 'on'], to: 'failed', actor: 'host', reason: 'failure.code' },
  };
  return {
    type: 'string',
    enum: ['off', 'on', 'failed'],
    'x-lifecycle': { live: ['off', 'on'], terminal: ['failed'], transitions },
  };
}

function errorCode(): { type: string; enum: string[]; 'x-errors': Record<string, Json> } {
  const statuses = {
    'key.missing': 401,
    'key.weak': 403,
    'parameter.invalid': 422,
    too_fast: 429,
    internal: 500,
    busy: 503,
  };
  const entries = Object.entries(statuses).map(([code, status]): [string, Json] => [
    code,
    {
      status,
      type: 'refused',
      title: 'Refused',
      messages: { default: 'Something is wrong with `{param}`. Try again.' },
      sample: { param: 'limit' },
      cause: 'Something.',
      action: 'Try again.',
    },
  ]);
  return { type: 'string', enum: Object.keys(statuses), 'x-errors': Object.fromEntries(entries) };
}

type Document = ReturnType<typeof validDocument>;
const list = ({ paths }: Document) => (paths['/hosts'] as { get: Json }).get;
const responses = (document: Document) => list(document)['responses'] as Record<string, Json>;

/** The rule, the part of its message that names the problem, and the change that breaks the document. */
const cases: [rule: string, message: string, breakRule: (document: Document) => void][] = [
  ['bounded-values', '`maxLength`', ({ components: { schemas } }) => delete schemas.HostId['maxLength']],
  [
    'closed-objects',
    '`additionalProperties: false`',
    ({ components: { schemas } }) => delete schemas.Host['additionalProperties'],
  ],
  ...(
    [
      ['needs `messages`', { messages: {} }],
      ['has no message `lost` to be internal', { 'x-internal-messages': ['lost'] }],
      ['has an example of the internal message `default`', { 'x-internal-messages': ['default'] }],
      ['needs a sample of {limit}', { messages: { default: 'Send at most {limit}.' } }],
      ['a sample of {limit}, which no message has', { sample: { param: 'limit', limit: 1 } }],
      ['without a full stop', { messages: { default: 'Bad' } }],
      ['a regular expression', { messages: { default: 'The id must match ^id_[a-z]+$.' } }],
      ['a word in a message that it should not have', { messages: { default: 'We are at capacity.' } }],
    ] as const
  ).map(([message, change]): (typeof cases)[number] => [
    'error-messages',
    message,
    ({ components: { schemas } }) => {
      Object.assign(schemas.ErrorCode['x-errors']['busy'] ?? {}, change);
    },
  ]),
  [
    'deprecations',
    'goes with `x-deprecated-on`',
    (document) => {
      list(document)['deprecated'] = true;
    },
  ],
  [
    'deprecations',
    'at least 180 days',
    (document) => {
      Object.assign(list(document), {
        deprecated: true,
        'x-deprecated-on': '2026-01-01',
        'x-sunset-on': '2026-02-01',
      });
    },
  ],
  [
    'error-shape',
    'of the schema ApiErrorEnvelope',
    (document) => {
      responses(document)['422'] = { content: { 'text/plain': { schema: { type: 'string' } } } };
    },
  ],
  [
    'error-shape',
    'is given at 403',
    ({ components: { schemas } }) => {
      schemas.ErrorCode['x-errors']['key.weak'] = {
        ...schemas.ErrorCode['x-errors']['key.weak'],
        status: 401,
      };
    },
  ],
  ['error-statuses', '429 is missing', (document) => delete responses(document)['429']],
  [
    'error-statuses',
    '405 cannot happen here',
    (document) => {
      responses(document)['405'] = responses(document)['422'] ?? {};
    },
  ],
  [
    'error-table',
    'in the same order',
    ({ components: { schemas } }) => {
      schemas.ErrorCode.enum.reverse();
    },
  ],
  ['error-table', 'No operation can give `busy`', (document) => delete responses(document)['503']],
  [
    'explained-values',
    'the same, in the same order',
    ({ components: { schemas } }) => {
      Object.assign(schemas.HostStatus, { 'x-failures': { off: 'Switched off.' } });
    },
  ],
  [
    'internal-paths',
    '`x-internal` on path and operation',
    ({ paths }) => {
      paths['/internal/hosts'] = paths['/hosts'];
      delete paths['/hosts'];
    },
  ],
  ...(
    [
      ['must have the values of `enum`', { live: ['on', 'off'] }],
      ['starts from `failed`', { transitions: { restart: { from: ['failed'], to: 'on', reason: 'x' } } }],
      ['leads to `lost`', { transitions: { lose: { from: ['on'], to: 'lost', reason: 'x' } } }],
      ['needs a `reason`', { transitions: { start: { from: ['off'], to: 'on' } } }],
      ['needs a `failure`', { transitions: { fail: { from: ['on'], to: 'failed', reason: 'x' } } }],
      ['No transition leads to `failed`', { transitions: {} }],
    ] as const
  ).map(([message, change]): (typeof cases)[number] => [
    'lifecycle',
    message,
    ({ components: { schemas } }) => {
      Object.assign(schemas.HostStatus['x-lifecycle'], change);
    },
  ]),
  ['list-shape', 'takes `limit`', (document) => delete list(document)['parameters']],
  [
    'list-shape',
    'at most 100 items',
    ({ components: { schemas } }) => {
      schemas.HostList['properties'] = {
        ...(schemas.HostList['properties'] as Json),
        data: { type: 'array', maxItems: 500, items: { $ref: '#/components/schemas/Host' } },
      };
    },
  ],
  [
    'list-shape',
    "`[string, 'null']`",
    ({ components: { schemas } }) => {
      schemas.HostList['properties'] = {
        ...(schemas.HostList['properties'] as Json),
        next_cursor: { oneOf: [{ $ref: '#/components/schemas/HostId' }, { type: 'null' }] },
      };
    },
  ],
  [
    'portable-schemas',
    'has no look-around',
    ({ components: { schemas } }) => {
      schemas.HostId['pattern'] = '^(?!host_0)host_[0-9]+$';
    },
  ],
  [
    'portable-schemas',
    'A number needs a `format`',
    ({ components: { schemas } }) => {
      schemas.Host['properties'] = {
        ...(schemas.Host['properties'] as Json),
        load: { type: ['number', 'null'] },
      };
    },
  ],
  [
    'portable-schemas',
    'no `writeOnly`',
    ({ components: { schemas } }) => {
      schemas.HostId['writeOnly'] = true;
    },
  ],
  [
    'prefixed-ids',
    'must be a string with a pattern',
    ({ components: { schemas } }) => {
      schemas.HostId['pattern'] = '^[0-9]+$';
    },
  ],
  [
    'prefixed-ids',
    '`id` must refer to',
    ({ components: { schemas } }) => {
      schemas.Host['properties'] = {
        id: { type: 'string', maxLength: 10 },
        name: { type: 'string', maxLength: 10 },
      };
    },
  ],
  [
    'response-properties',
    '`name` is in a response',
    ({ components: { schemas } }) => {
      schemas.Host['required'] = ['id'];
    },
  ],
  [
    'unique-component-names',
    'HostId is a Parameter and a Schema',
    (document) => {
      const parameters = list(document)['parameters'] as Json[];
      const hostId = { name: 'host_id', in: 'query', schema: { $ref: '#/components/schemas/HostId' } };
      Object.assign(document.components, { parameters: { HostId: hostId } });
      parameters.unshift({ $ref: '#/components/parameters/HostId' });
    },
  ],
];

interface Problem {
  ruleId: string;
  message: string;
  location: { source: { ref: string } }[];
}

let folder: string;
let problems: Problem[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'greenroom-rules-'));
  const documents = [
    validDocument(),
    ...cases.map(([, , breakRule]) => {
      const document = validDocument();
      breakRule(document);
      return document;
    }),
  ];
  const names = await Promise.all(
    documents.map(async (document, index) => {
      const name = `${index}.json`;
      await writeFile(join(folder, name), JSON.stringify(document));
      return name;
    }),
  );
  const rules = [...new Set(cases.map(([rule]) => rule))].map((rule) => `  greenroom/${rule}: error`);
  const plugin = join(root, 'openapi/rules/plugin.js');
  await writeFile(
    join(folder, 'redocly.yaml'),
    `telemetry: off\nplugins: ['${plugin}']\nrules:\n${rules.join('\n')}\n`,
  );
  problems = await lint(names);
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs the linter over all files at once: a run takes seconds, most of them to start. */
function lint(names: readonly string[]): Promise<Problem[]> {
  const program = join(root, 'scripts/node_modules/.bin/redocly');
  const parameters = [
    'lint',
    ...names,
    '--config',
    'redocly.yaml',
    '--format',
    'json',
    '--max-problems',
    '1000',
  ];
  return new Promise((resolve, reject) => {
    // The linter exits with 1 when it finds a problem.
    execFile(program, parameters, { cwd: folder, maxBuffer: 2 ** 24 }, (error, stdout, stderr) => {
      try {
        // One JSON object for each file, without anything between them.
        const reports = JSON.parse(`[${stdout.replaceAll('\n}{\n', '\n},{\n')}]`) as {
          problems: Problem[];
        }[];
        resolve(reports.flatMap((report) => report.problems));
      } catch {
        reject(new Error(`redocly printed no JSON: ${stderr}`, { cause: error }));
      }
    });
  });
}

function problemsOf(index: number): Problem[] {
  return problems.filter(({ location }) => location[0]?.source.ref === `${index}.json`);
}

test('every rule has a case here, and every file of the rules is used', () => {
  const [rules = '', decorators = ''] = read('openapi/rules/plugin.js').split('decorators: {');
  const names = (text: string) => [...text.matchAll(/^ {8}'?([a-z-]+)'?[:,]/gm)].map(([, name = '']) => name);
  expect([...new Set(cases.map(([rule]) => rule))].sort()).toEqual(names(rules).sort());
  const configuration = read('openapi/redocly.yaml');
  const unused = [...names(rules), ...names(decorators)].filter(
    (name) => !configuration.includes(`greenroom/${name}:`),
  );
  expect(unused).toEqual([]);

  const paths = files('openapi/rules/*.js');
  const sources = paths.map(read).join('');
  const others = paths.map((path) => basename(path)).filter((name) => name !== 'plugin.js');
  expect(others.filter((name) => !sources.includes(`from './${name}'`))).toEqual([]);
});

test('a document that follows the rules has no problems', () => {
  expect(problemsOf(0)).toEqual([]);
});

test.each(cases.map(([rule, message], index) => [rule, message, index + 1] as const))(
  '%s reports: %s',
  (rule, message, index) => {
    const messages = problemsOf(index)
      .filter(({ ruleId }) => ruleId === `greenroom/${rule}`)
      .map((problem) => problem.message);
    expect(messages).toEqual(expect.arrayContaining([expect.stringContaining(message)]));
  },
);
