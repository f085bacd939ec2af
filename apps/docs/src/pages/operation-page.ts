import { STATUS_CODES } from 'node:http';

import {
  examplesOf,
  operationsOf,
  resolve,
  type OpenApiDocument,
  type Operation,
  type Parameter,
  type RequestBody,
  type Response,
} from '@greenroom/contract/document';

import type { Block, Fact, Field } from '../blocks/block.ts';
import { propertyFields, schemaField } from '../document/schema-fields.ts';
import { samplesOf } from '../machine/samples/samples.ts';
import type { Code } from '../markdown/code-block.ts';
import { slug } from '../markdown/markdown.ts';
import { errorPath, operationPath } from '../paths.ts';
import type { Page } from './page.ts';

const CODE_LANGUAGES = { sh: 'bash', js: 'javascript', py: 'python' };

/** Returns the page of an operation, with the errors in `common` folded. */
export async function operationPage(
  document: OpenApiDocument,
  operation: Operation,
  common: ReadonlySet<string>,
): Promise<Page> {
  const { object, method, path } = operation;
  const title = object.summary ?? object.operationId;
  return {
    path: operationPath(object.operationId),
    title,
    description: object.description?.split('\n\n')[0] ?? title,
    section: object.tags?.[0] ?? 'Operations',
    keywords: [object.operationId, method, path, `${method} ${path}`],
    blocks: [
      { kind: 'endpoint', method, path, tryHref: tryPath(operation) },
      ...(object.deprecated === true
        ? [
            prose(
              `**Deprecated.** It keeps working at least until ${object['x-sunset-on'] ?? 'the next major version'}.`,
            ),
          ]
        : []),
      prose(object.description ?? ''),
      { kind: 'facts', facts: facts(operation) },
      ...parameters(document, operation),
      ...requestBody(document, operation),
      ...responses(document, operation, common),
    ],
    aside: [
      ...(await samples(document, operation)),
      ...requestExamples(document, operation),
      ...responseExamples(document, operation),
      ...errorExamples(document, operation, common),
    ],
  };
}

/** Returns the path of an operation in the interactive reference, with its renderer's anchor. */
function tryPath({ object, method, path }: Operation): string {
  return `/reference/#tag/${slug(object.tags?.[0] ?? '')}/${method.toUpperCase()}${path}`;
}

function facts({ object, method, parameters }: Operation): Fact[] {
  const scopes = (object.security ?? []).flatMap((scheme) => Object.values(scheme).flat());
  const open = (object.security ?? []).length === 0;
  const limits = object['x-rate-limits'] ?? [];
  const key = parameters.some(({ name }) => name === 'Idempotency-Key');
  const safe = method !== 'post' || object['x-repeatable'] === true;
  const retries = key
    ? 'Safe with an `Idempotency-Key`'
    : safe
      ? 'Safe'
      : 'Not safe: each call repeats the effect';
  return [
    { label: 'SDK method', text: `\`greenroom.${object.operationId}\`` },
    {
      label: 'Required scope',
      text: open
        ? 'None; no key needed'
        : scopes.length === 0
          ? 'None; any key works'
          : `\`${scopes.join('`, `')}\``,
    },
    {
      label: 'Rate limits',
      text: limits.length === 0 ? 'None' : limits.map((name) => `\`${name}\``).join(' and '),
    },
    { label: 'Retries', text: retries },
  ];
}

const LOCATIONS = [
  ['path', 'Path parameters'],
  ['query', 'Query parameters'],
  ['header', 'Headers'],
] as const;

function parameters(document: OpenApiDocument, operation: Operation): Block[] {
  return LOCATIONS.flatMap(([location, title]) => {
    const there = operation.parameters.filter((parameter) => parameter.in === location);
    if (there.length === 0) return [];
    return [heading(title), fields(there.map((parameter) => parameterField(document, parameter)))];
  });
}

function parameterField(document: OpenApiDocument, parameter: Parameter): Field {
  const { name, required = false, description, deprecated = false } = parameter;
  const field = schemaField(document, parameter.schema, { name, required });
  return { ...field, deprecated, text: description ?? field.text };
}

function requestBody(document: OpenApiDocument, { object }: Operation): Block[] {
  if (object.requestBody === undefined) return [];
  const body = resolve<RequestBody>(document, object.requestBody);
  const [type = '', media = {}] = Object.entries(body.content)[0] ?? [];
  if (media.schema === undefined) return [];
  return [
    heading('Body'),
    prose(`${body.description ?? ''} \`${type}\`, ${body.required === true ? 'required' : 'optional'}.`),
    fields(propertyFields(document, media.schema)),
  ];
}

function responses(document: OpenApiDocument, { object }: Operation, common: ReadonlySet<string>): Block[] {
  const all = Object.entries(object.responses).map(([status, node]) => ({
    status,
    response: resolve<Response>(document, node),
  }));
  const good = all.filter(({ status }) => status.startsWith('2'));
  const bad = all.filter(({ status }) => !status.startsWith('2'));
  return [
    ...good.flatMap(({ status, response }) => [
      heading(responseTitle(status)),
      prose(response.description),
      ...responseFields(document, response),
    ]),
    heading('Errors'),
    ...errorLinks(document, bad, common),
  ];
}

interface StatusResponse {
  status: string;
  response: Response;
}

/** Returns the errors that are particular to an operation, and then, folded, those of nearly every operation. */
function errorLinks(
  document: OpenApiDocument,
  responses: readonly StatusResponse[],
  common: ReadonlySet<string>,
): Block[] {
  const all = responses.flatMap(({ status, response }) =>
    examplesOf(document, response.content?.['application/json']).map(({ name, summary }) => ({
      tag: status,
      title: name,
      href: errorPath(name),
      text: summary,
    })),
  );
  const isCommon = ({ title }: { title: string }) => common.has(title);
  const particular = all.filter((link) => !isCommon(link));
  const folded = all.filter(isCommon);
  return [
    ...(particular.length > 0 ? [{ kind: 'links' as const, links: particular }] : []),
    ...(folded.length > 0
      ? [
          {
            kind: 'details' as const,
            summary: `${folded.length} errors that nearly every operation can return`,
            blocks: [{ kind: 'links' as const, links: folded }],
          },
        ]
      : []),
  ];
}

/** The share of the operations that an error must have to be common. */
const COMMON_SHARE = 0.75;

/** Returns the codes of errors that most operations can return. */
export function commonErrors(document: OpenApiDocument): Set<string> {
  const operations = operationsOf(document);
  const counts = new Map<string, number>();
  for (const { object } of operations) {
    const codes = Object.values(object.responses).flatMap((node) =>
      examplesOf(document, resolve<Response>(document, node).content?.['application/json']).map(
        ({ name }) => name,
      ),
    );
    for (const code of new Set(codes)) counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return new Set(
    [...counts].filter(([, count]) => count >= COMMON_SHARE * operations.length).map(([code]) => code),
  );
}

function responseFields(document: OpenApiDocument, response: Response): Block[] {
  const schema = response.content?.['application/json']?.schema;
  if (schema === undefined) return [];
  const { children } = schemaField(document, schema, { name: 'response', required: true });
  return children.length === 0 ? [] : [fields(children.map(asReturned))];
}

/** Drops `required`: every field of a response is present, and its type says whether it can be null. */
function asReturned(field: Field): Field {
  return { ...field, required: false, children: field.children.map(asReturned) };
}

async function samples(document: OpenApiDocument, operation: Operation): Promise<Block[]> {
  const made = await samplesOf(document, operation);
  const tabs = made.map(({ label, language, source }) => ({
    title: label,
    language: CODE_LANGUAGES[language],
    source,
  }));
  return [{ kind: 'tabs', label: 'Samples', tabs }];
}

function requestExamples(document: OpenApiDocument, { object }: Operation): Block[] {
  if (object.requestBody === undefined) return [];
  const { content } = resolve<RequestBody>(document, object.requestBody);
  return exampleTabs('Body', examplesOf(document, content['application/json']));
}

function responseExamples(document: OpenApiDocument, { object }: Operation): Block[] {
  return Object.entries(object.responses)
    .filter(([status]) => status.startsWith('2'))
    .flatMap(([status, node]) => {
      const { content } = resolve<Response>(document, node);
      return [
        ...exampleTabs(responseTitle(status), examplesOf(document, content?.['application/json'])),
        ...streamTabs(responseTitle(status), examplesOf(document, content?.['text/event-stream'])),
      ];
    });
}

/** Returns the body of one error for each status, preferring errors that are particular to the operation. */
function errorExamples(
  document: OpenApiDocument,
  { object }: Operation,
  common: ReadonlySet<string>,
): Block[] {
  const all = Object.entries(object.responses)
    .filter(([status]) => !status.startsWith('2'))
    .flatMap(([status, node]) => {
      const { content } = resolve<Response>(document, node);
      return examplesOf(document, content?.['application/json']).map((example) => ({ ...example, status }));
    });
  const particular = all.filter(({ name }) => !common.has(name));
  const shown = particular.length > 0 ? particular : all.slice(0, 1);
  const first = shown.filter(({ status }, at) => shown.findIndex((other) => other.status === status) === at);
  return exampleTabs(
    'Error',
    first.map(({ status, value }) => ({ summary: status, value })),
  );
}

/** Returns a title such as `Response 201 Created`. */
function responseTitle(status: string): string {
  return `Response ${status} ${STATUS_CODES[status] ?? ''}`.trim();
}

function exampleTabs(label: string, examples: { summary: string; value: unknown }[]): Block[] {
  const tabs: Code[] = examples.map(({ summary, value }) => ({
    title: summary,
    language: 'json',
    source: JSON.stringify(value, null, 2),
  }));
  return tabs.length === 0 ? [] : [{ kind: 'tabs', label, tabs }];
}

function streamTabs(label: string, examples: { summary: string; value: unknown }[]): Block[] {
  const tabs: Code[] = examples.map(({ summary, value }) => ({
    title: summary,
    language: 'text',
    source: String(value),
  }));
  return tabs.length === 0 ? [] : [{ kind: 'tabs', label, tabs }];
}

function prose(text: string): Block {
  return { kind: 'prose', text };
}

function heading(text: string): Block {
  return { kind: 'heading', level: 2, text };
}

function fields(all: Field[]): Block {
  return { kind: 'fields', fields: all };
}
