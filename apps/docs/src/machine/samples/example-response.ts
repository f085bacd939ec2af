import {
  resolve,
  type OpenApiDocument,
  type Operation,
  type Referable,
  type Schema,
} from '@greenroom/contract/document';

/** The kind of a successful response, and the name of its variable in a program. */
export type ExampleResponse =
  | { kind: 'nothing' }
  /** A page of a list; the name is that of one item. */
  | { kind: 'pages'; name: string }
  | { kind: 'value'; name: string }
  /** Bytes, which the samples write to a file. */
  | { kind: 'file'; name: string }
  /** Server-sent events without an end; the name is that of one event. */
  | { kind: 'events'; name: string };

export function exampleResponse(document: OpenApiDocument, { object }: Operation): ExampleResponse {
  const success = Object.entries(object.responses).find(([status]) => /^2\d\d$/.test(status))?.[1];
  const [[mediaType, content] = ['', undefined]] = Object.entries(
    (success && resolve(document, success).content) ?? {},
  );
  if (mediaType === 'text/event-stream') return { kind: 'events', name: 'event' };
  if (content?.schema === undefined) return { kind: 'nothing' };
  const [, verb = 'response'] = object.operationId.split('.');
  if (mediaType !== 'application/json') return { kind: 'file', name: `${verb}.${mediaType.split('/')[1]}` };
  const schema = resolve(document, content.schema);
  const [resource = 'response'] = object.operationId.split('.');
  const item = schema.properties?.['data'] && resolve<Schema>(document, schema.properties['data']).items;
  if (item !== undefined && schema.properties?.['next_cursor'] !== undefined) {
    return { kind: 'pages', name: nameOf(item) ?? 'item' };
  }
  return { kind: 'value', name: schema.type === 'array' ? resource : (nameOf(content.schema) ?? resource) };
}

/**
 * Returns the variable's name: `UsageEvent` → `usageEvent`. A created object has the same name as any other of its
 * kind.
 */
function nameOf(schema: Referable<Schema>): string | undefined {
  const name = '$ref' in schema ? String(schema.$ref).split('/').at(-1) : undefined;
  return name?.replace(/Created$/, '').replace(/^./, (first) => first.toLowerCase());
}
