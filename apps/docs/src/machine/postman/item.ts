import { STATUS_CODES } from 'node:http';

import {
  resolve,
  valuesOf,
  type OpenApiDocument,
  type Operation,
  type Parameter as DocumentParameter,
  type Schema,
} from '@greenroom/contract/document';

import { exampleRequest, type ExampleRequest } from '../samples/example-request.ts';
import type { Body, Item, Parameter, Request, SavedResponse, Url } from './collection-format.ts';

/** Returns an operation as a request, with its successful responses as saved examples. */
export function itemOf(document: OpenApiDocument, operation: Operation): Item {
  const example = exampleRequest(document, operation);
  const body = bodyOf(example);
  const request: Request = {
    method: operation.method.toUpperCase(),
    description: operation.object.description ?? '',
    url: urlOf(document, operation, example),
    header: headersOf(example),
    ...(body !== null && { body }),
    ...(!example.authenticated && { auth: { type: 'noauth' } }),
  };
  return {
    id: operation.object.operationId,
    name: operation.object.summary ?? operation.object.operationId,
    request,
    response: successesOf(document, operation, request),
  };
}

function urlOf(document: OpenApiDocument, { path, parameters }: Operation, example: ExampleRequest): Url {
  const segments = path
    .slice(1)
    .split('/')
    .map((segment) => segment.replace(/^\{(.*)\}$/, ':$1'));
  const parametersIn = (location: string) => parameters.filter((parameter) => parameter.in === location);
  const described = (parameter: DocumentParameter) => ({ description: parameter.description ?? '' });
  const query = parametersIn('query').flatMap((parameter): Parameter[] => {
    const sent = example.query.find(({ name }) => name === parameter.name)?.value;
    const value = sent ?? possibleValue(document, parameter);
    return (Array.isArray(value) ? value : [value]).map((one) => ({
      key: parameter.name,
      value: String(one),
      ...described(parameter),
      // Disabled; the reader can enable it.
      ...(sent === undefined && { disabled: true }),
    }));
  });
  const sent = query.filter(({ disabled }) => disabled !== true).map(({ key, value }) => `${key}=${value}`);
  return {
    raw: `{{baseUrl}}/${segments.join('/')}${sent.length > 0 ? `?${sent.join('&')}` : ''}`,
    host: ['{{baseUrl}}'],
    path: segments,
    query,
    variable: parametersIn('path').map((parameter) => ({
      key: parameter.name,
      value: String(example.path.find(({ name }) => name === parameter.name)?.value),
      ...described(parameter),
    })),
  };
}

/** Returns an initial value for an optional parameter. */
function possibleValue(document: OpenApiDocument, { example, schema }: DocumentParameter): unknown {
  const { default: byDefault, examples, items, ...rest } = resolve<Schema>(document, schema);
  const own = example ?? byDefault ?? examples?.[0] ?? valuesOf(rest)?.[0];
  return own ?? (items && valuesOf(resolve(document, items))?.[0]) ?? '';
}

function headersOf({ body, headers, idempotencyKey }: ExampleRequest): Parameter[] {
  return [
    // Postman writes the header of a form, which contains the boundary.
    ...(body?.kind === 'json' ? [{ key: 'Content-Type', value: 'application/json' }] : []),
    // Postman generates a new value for each request.
    ...(idempotencyKey ? [{ key: 'Idempotency-Key', value: '{{$guid}}' }] : []),
    ...headers.map(({ name, value }) => ({ key: name, value: String(value) })),
  ];
}

function bodyOf({ body }: ExampleRequest): Body | null {
  if (body === null) return null;
  if (body.kind === 'json') {
    return { mode: 'raw', raw: JSON.stringify(body.value, null, 2), options: { raw: { language: 'json' } } };
  }
  return {
    mode: 'formdata',
    formdata: body.fields.map((field) =>
      'file' in field
        ? { key: field.name, type: 'file', src: field.file }
        : { key: field.name, type: 'text', value: field.value },
    ),
  };
}

function successesOf(
  document: OpenApiDocument,
  { object }: Operation,
  originalRequest: Request,
): SavedResponse[] {
  return Object.entries(object.responses)
    .filter(([status]) => /^2\d\d$/.test(status))
    .flatMap(([status, response]) => {
      const examples = resolve(document, response).content?.['application/json']?.examples ?? {};
      return Object.entries(examples).map(([name, reference]) => {
        const { summary = name, value } = resolve(document, reference);
        return {
          name: summary,
          originalRequest,
          code: Number(status),
          status: STATUS_CODES[status] ?? '',
          header: [{ key: 'Content-Type', value: 'application/json' }],
          body: JSON.stringify(value, null, 2),
        };
      });
    });
}
