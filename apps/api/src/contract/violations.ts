import type { ErrorCode, OperationId } from '@greenroom/contract';
import { operationTable } from '@greenroom/contract';

import { ApiError } from '../http/api-error.ts';
import { clipped } from '../http/clipped.ts';
import { discriminatorValues } from './document.ts';

/** What the validator throws. */
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

/** A violation of the document by the caller, as the refusal it is answered with. */
export function refusalOf(error: ValidatorError, id: OperationId): ApiError {
  if (error.status === 415) {
    return new ApiError('content_type.unsupported', {
      message: `Send the body as ${operationTable[id].requestContentTypes.join(' or ')}.`,
    });
  }
  const violation = mostTelling(error.errors);
  const [place = 'body', ...segments] = violation.path.split('/').filter((segment) => segment !== '');
  if (place === 'body') return bodyRefusal(segments, violation);
  return parameterRefusal(place, segments[0] ?? '', violation, id);
}

type Violation = ValidatorError['errors'][number];

/** A misspelt field explains the missing one beside it, and a refused key the pattern it breaks. */
function mostTelling(errors: Violation[]): Violation {
  const telling = errors.find((error) =>
    ['additionalProperties', 'propertyNames'].includes(keywordOf(error)),
  );
  return telling ?? errors[0] ?? { path: '/body', message: 'is not what the document describes' };
}

function keywordOf(violation: Violation): string {
  return violation.errorCode?.split('.')[0] ?? '';
}

function bodyRefusal(segments: string[], violation: Violation): ApiError {
  const path = segments.map(unescapePointer).join('.');
  const subject = clipped(path);
  const keyword = keywordOf(violation);
  if (keyword === 'additionalProperties') {
    return new ApiError('body.unknown_field', {
      message: `${subject} is not a field of this operation. Remove it, or check its spelling.`,
      param: path,
    });
  }
  const tag = keyword === 'discriminator' ? /tag "(\w+)"/.exec(violation.message)?.[1] : undefined;
  if (tag !== undefined) {
    const param = [path, tag].filter((part) => part !== '').join('.');
    const message = `${param} must be one of ${discriminatorValues(tag).join(', ')}.`;
    return new ApiError('body.invalid', { message, param });
  }
  const message = `${subject || 'The body'} ${expectation(violation)}. Correct it and send the request again.`;
  return new ApiError('body.invalid', { message, param: path || null });
}

function expectation(violation: Violation): string {
  switch (keywordOf(violation)) {
    case 'required':
      return 'is required';
    case 'propertyNames':
      return 'has a key that is not allowed; the document says which are reserved';
    default:
      return violation.message;
  }
}

function parameterRefusal(place: string, name: string, { message }: Violation, id: OperationId): ApiError {
  const known = declared(place, name, id);
  return known === undefined ? unknownParameter(name) : invalidParameter(known.name, message, known);
}

/** A parameter that the operation does not have. */
export function unknownParameter(name: string): ApiError {
  const repeated = /^(\w+)\[\w*\]$/.exec(name)?.[1];
  const action =
    repeated === undefined
      ? 'Remove it, or check its spelling.'
      : `For several values repeat the name: ${repeated}=…&${repeated}=….`;
  return new ApiError('parameter.unknown', {
    message: `"${clipped(name)}" is not a parameter of this operation. ${action}`,
    param: name,
  });
}

/** A parameter whose value the document does not allow, by the code that the document has for it. */
export function invalidParameter(
  name: string,
  fault: string,
  { invalidValueCode }: { invalidValueCode: ErrorCode | null },
): ApiError {
  return new ApiError(invalidValueCode ?? 'parameter.invalid', {
    message: `${name} ${fault}. Correct it and send the request again.`,
    param: name,
  });
}

/** The validator's names of the places, and those of the document. */
const PLACES: Record<string, 'query' | 'path' | 'header' | undefined> = {
  query: 'query',
  params: 'path',
  headers: 'header',
};

/** The parameter as the document writes it: names of headers come in any case. */
function declared(place: string, name: string, id: OperationId) {
  const parameters = parametersOf(id, PLACES[place] ?? 'query');
  const known = Object.entries(parameters).find(([key]) => key.toLowerCase() === name.toLowerCase());
  return known && { name: known[0], ...known[1] };
}

/** What an operation takes in one place, by name. */
export function parametersOf(
  id: OperationId,
  place: 'path' | 'query' | 'header',
): Readonly<Record<string, { invalidValueCode: ErrorCode | null }>> {
  return operationTable[id].parameters[place];
}

/** RFC 6901, section 4. */
function unescapePointer(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}
