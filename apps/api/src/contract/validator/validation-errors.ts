import { operationTable, type OperationId } from '@greenroom/contract';
import type { Schema } from '@greenroom/contract/document';
import type { Request } from 'express';

import { isObject } from '../../common/is-object.ts';
import { isImpossibleTime } from '../../document/date-time.ts';
import { discriminatorValues } from '../../document/document.ts';
import { bodySchema, missingFields, nodesTo, type BodyNode } from '../../document/schema-at.ts';
import { ApiError } from '../../errors/api-error.ts';
import { oneOf, quoted } from '../../errors/message-text.ts';
import { unknownParameterError } from '../../errors/unknown-names.ts';
import { describeSchema, describeValue } from './describe.ts';
import { invalidParameterError, findParameter, parameterNames, type Parameter } from './parameters.ts';
import { findMisspeltField, findUnknownField } from './unknown-fields.ts';

/** An error of the validator. */
export interface ValidatorError {
  status: number;
  message: string;
  errors: { path: string; message: string; errorCode?: string }[];
}

export function isValidatorError(error: unknown): error is ValidatorError {
  return (
    error instanceof Error &&
    'status' in error &&
    typeof error.status === 'number' &&
    'errors' in error &&
    Array.isArray(error.errors)
  );
}

/** The part of a request that a message may quote. */
export type ValidatedRequest = Pick<Request, 'body' | 'query' | 'params' | 'headers'>;

/** Returns the error of a request that the validator rejected. */
export function validationError(error: ValidatorError, id: OperationId, request: ValidatedRequest): ApiError {
  if (error.status === 415) {
    const values = { accepted: oneOf(operationTable[id].requestContentTypes) };
    return new ApiError('content_type.unsupported', { situation: 'missing', values });
  }
  const issue = mostSpecific(error.errors);
  const [location = 'body', ...segments] = issue.path.split('/').slice(1);
  if (location === 'body') {
    const root = { schema: bodySchema(id), value: request.body as unknown };
    return bodyError(root, segments.map(unescapePointer), issue);
  }
  return parameterError(id, segments[0] ?? '', LOCATIONS[location] ?? 'query', issue, request);
}

type Issue = ValidatorError['errors'][number];

/** A misspelt field explains the missing one next to it, and an invalid key explains the pattern that it breaks. */
function mostSpecific(errors: Issue[]): Issue {
  const specific = errors.find((issue) =>
    ['additionalProperties', 'propertyNames'].includes(keywordOf(issue)),
  );
  return specific ?? errors[0] ?? { path: '/body', message: 'is not what the document describes' };
}

function keywordOf(issue: Issue): string {
  return issue.errorCode?.split('.')[0] ?? '';
}

function bodyError(root: BodyNode, path: string[], issue: Issue): ApiError {
  switch (keywordOf(issue)) {
    case 'additionalProperties':
      return findUnknownField(root) ?? invalidValueError(root, path, issue);
    case 'required':
      return findMisspeltField(root, path.slice(0, -1)) ?? missingFieldsError(root, path);
    case 'propertyNames':
      return invalidKeyError(root, path);
    case 'discriminator':
      return unknownVariantError(root, path, /tag "(\w+)"/.exec(issue.message)?.[1] ?? '');
    default:
      return tooLargeError(root, path, issue) ?? invalidValueError(root, path, issue);
  }
}

function missingFieldsError(root: BodyNode, path: string[]): ApiError {
  const first = path.join('.');
  const fields = [first, ...missingFields(root).filter((field) => field !== first)];
  const values = { missing: fields.map((field) => `\`${field}\``).join(', ') };
  return new ApiError('body.invalid', { situation: 'required', values, param: first });
}

function invalidKeyError(root: BodyNode, path: string[]): ApiError {
  const { schema = {}, value } = nodesTo(root, path).at(-1) ?? {};
  const { not, maxLength = Infinity } = schema.propertyNames ?? {};
  const keys = Object.keys(isObject(value) ? value : {});
  const param = path.join('.');
  const reserved = keys.find((key) => not?.pattern !== undefined && new RegExp(not.pattern, 'u').test(key));
  if (reserved !== undefined) {
    const values = { key: quoted(reserved) };
    return new ApiError('body.invalid', { situation: 'reserved_key', values, param });
  }
  const long = keys.find((key) => Array.from(key).length > maxLength) ?? '';
  const values = { limit: maxLength, long: quoted(long) };
  return new ApiError('body.invalid', { situation: 'long_key', values, param });
}

function unknownVariantError(root: BodyNode, path: string[], tag: string): ApiError {
  const { value } = nodesTo(root, [...path, tag]).at(-1) ?? {};
  const values = { expected: oneOf(discriminatorValues(tag)), sent: describeValue(value) };
  return new ApiError('body.invalid', { situation: 'value', values, param: [...path, tag].join('.') });
}

/** Returns the error of an object that a text makes too large; null if it is not. */
function tooLargeError(root: BodyNode, path: string[], issue: Issue): ApiError | null {
  if (keywordOf(issue) !== 'maxLength') return null;
  for (const [depth, { schema, value }] of nodesTo(root, path).entries()) {
    const limit = schema['x-max-json-bytes'];
    const bytes = limit === undefined ? 0 : Buffer.byteLength(JSON.stringify(value));
    if (limit === undefined || bytes <= limit) continue;
    const param = path.slice(0, depth).join('.');
    return new ApiError('metadata.too_large', { values: { bytes, limit }, param });
  }
  return null;
}

function invalidValueError(root: BodyNode, path: string[], issue: Issue): ApiError {
  const { schema = {}, value } = nodesTo(root, path).at(-1) ?? {};
  const expected = describeSchema(schema);
  const param = path.join('.');
  // A secret is never quoted.
  if (schema.format === 'password') {
    return new ApiError('body.invalid', { situation: 'unquoted', values: { expected }, param });
  }
  if (schema.format === 'date-time' && typeof value === 'string' && isImpossibleTime(value)) {
    const values = { sent: describeValue(value, schema) };
    return new ApiError('body.invalid', { situation: 'impossible_time', values, param });
  }
  const values = { expected, sent: describeRejected(keywordOf(issue), value, schema) };
  return param === ''
    ? new ApiError('body.invalid', { situation: 'whole', values })
    : new ApiError('body.invalid', { situation: 'value', values, param });
}

function describeRejected(keyword: string, value: unknown, schema: Schema): string {
  if (keyword === 'uniqueItems') return 'the same value twice';
  if (keyword === 'maxProperties' && isObject(value)) return `${Object.keys(value).length} fields`;
  if (keyword === 'maxItems' && Array.isArray(value)) return `${value.length} values`;
  return describeValue(value, schema);
}

/** The document's names of locations, by the validator's. */
const LOCATIONS: Record<string, Parameter['in'] | undefined> = {
  query: 'query',
  params: 'path',
  headers: 'header',
};

function parameterError(
  id: OperationId,
  name: string,
  location: Parameter['in'],
  issue: Issue,
  request: ValidatedRequest,
): ApiError {
  const parameter = findParameter(id, location, name);
  if (parameter === undefined) return unknownParameterError(name, parameterNames(id, location));
  if (keywordOf(issue) === 'required') {
    const values = { missing: `\`${parameter.name}\`` };
    return new ApiError('parameter.invalid', { situation: 'required', values, param: parameter.name });
  }
  return invalidParameterError(parameter, sentValue(parameter, request));
}

/** Returns the sent value of a parameter. */
function sentValue({ name, in: location }: Parameter, request: ValidatedRequest): unknown {
  switch (location) {
    case 'query':
      return request.query[name];
    case 'header':
      return request.headers[name.toLowerCase()];
    case 'path':
      return request.params[name];
  }
}

/** Unescapes a segment of a JSON pointer (RFC 6901, section 4). */
function unescapePointer(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}
