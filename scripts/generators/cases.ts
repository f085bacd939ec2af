import {
  examplesOf,
  type MediaType,
  type OpenApiDocument,
  operationsOf,
  type RequestBody,
  resolve,
  type Response,
} from '@greenroom/contract/document';

/** A body that a generated client must read and write without a loss. */
export interface Case {
  name: string;
  /** The name of the body's component. */
  schema: string;
  /** The component of its items when it is an array: some generators have no type for the array. */
  items: string | null;
  body: unknown;
  /** The minimum of the written body: the fields that the client's document has. */
  expected: unknown;
  /** A part of the JSON that must be written literally, because parsing hides a difference. */
  literal?: string;
}

/** Returns a case for each JSON example of the document, and the responses of a newer server. */
export function casesOf(document: OpenApiDocument): Case[] {
  const cases = [...examples(document), ...eventsOfWebhooks(document), ...fromNewerServer(document)];
  return [...new Map(cases.map((one) => [JSON.stringify([one.schema, one.body]), one])).values()];
}

function examples(document: OpenApiDocument): Case[] {
  return operationsOf(document).flatMap(({ object }) => {
    const request = object.requestBody && resolve<RequestBody>(document, object.requestBody);
    const requests = casesOfMedia(document, `${object.operationId} body`, request?.content).map((one) => ({
      ...one,
      expected: withoutNulls(one.body),
    }));
    const responses = Object.entries(object.responses).flatMap(([status, node]) =>
      casesOfMedia(document, `${object.operationId} ${status}`, resolve<Response>(document, node).content),
    );
    return [...requests, ...responses];
  });
}

/** Returns the event in the body of each webhook. The body itself has no component. */
function eventsOfWebhooks(document: OpenApiDocument): Case[] {
  return Object.values(document.webhooks ?? {}).flatMap(({ post }) => {
    const request = post?.requestBody && resolve<RequestBody>(document, post.requestBody);
    return examplesOf(document, request?.content['application/json']).map(({ value }) => {
      const { data } = value as { data: unknown };
      return {
        name: `event of ${post?.operationId ?? ''}`,
        schema: 'Event',
        items: null,
        body: data,
        expected: data,
      };
    });
  });
}

function casesOfMedia(
  document: OpenApiDocument,
  name: string,
  content: Record<string, MediaType> | undefined,
): Case[] {
  const media = content?.['application/json'];
  if (media?.schema === undefined) return [];
  const schema = componentOf(media.schema);
  const { items } = resolve(document, media.schema);
  return examplesOf(document, media).map((example) => ({
    name: `${name} ${example.name}`,
    schema,
    items: items === undefined ? null : componentOf(items),
    body: example.value,
    expected: example.value,
  }));
}

function fromNewerServer(document: OpenApiDocument): Case[] {
  const first = (schema: string, holds: (body: Body) => boolean = () => true): Body => {
    const found = examples(document).find((one) => one.schema === schema && holds(one.body as Body));
    if (found === undefined) throw new Error(`The document has no such example of ${schema}.`);
    return found.body as Body;
  };
  const newer = (name: string, schema: string, body: Body, expected: Body = body): Case => ({
    name,
    schema,
    items: null,
    body,
    expected,
  });

  const session = first('Session');
  const failed = first('Session', ({ failure }) => failure !== null);
  const { error } = first('ApiErrorEnvelope') as { error: Body };
  return [
    newer(
      'a session with fields that a later version adds',
      'Session',
      { ...session, mood: 'calm', usage: { ...(session['usage'] as Body), viewers: 3 } },
      session,
    ),
    newer('a session with values that a later version adds', 'Session', {
      ...failed,
      status: 'paused',
      quality: 'cinema',
      failure: { ...(failed['failure'] as Body), code: 'room.flooded' },
    }),
    {
      ...newer('a session with metadata of every type', 'Session', {
        ...session,
        metadata: { text: 'a', whole: 250, fraction: 2.5, yes: true, no: false, none: null },
      }),
      // Not `250.0`.
      literal: '"whole":250,',
    },
    newer('a session over a reserved transport', 'Session', { ...session, transport: { type: 'websocket' } }),
    newer('an error with a code and a type that a later version adds', 'ApiErrorEnvelope', {
      error: { ...error, type: 'too_early', code: 'weather.unsuitable' },
    }),
    newer(
      'an error with a field that a later version adds',
      'ApiErrorEnvelope',
      { error: { ...error, hint: 'a' } },
      {
        error,
      },
    ),
    newer('an API key with a scope that a later version adds', 'ApiKey', {
      ...(first('ApiKeyList')['data'] as Body[])[0],
      scopes: ['sessions:read', 'rooms:paint'],
    }),
    newer('a last page', 'SessionList', { ...first('SessionList'), has_more: false, next_cursor: null }),
  ];
}

type Body = Record<string, unknown>;

/** Returns a request without its nulls, which a client may leave out. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutNulls(inner)]));
}

function componentOf(node: object): string {
  const name = '$ref' in node ? String(node.$ref).split('/').at(-1) : undefined;
  if (name === undefined) throw new Error('A body has a schema with a name.');
  return name;
}
