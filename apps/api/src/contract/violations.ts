import type { ErrorCode, OperationId } from '@greenroom/contract';
import { operationTable } from '@greenroom/contract';

import { ApiError } from '../http/api-error.ts';

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

/** A misspelt field explains the missing one beside it, so it is named first. */
function mostTelling(errors: Violation[]): Violation {
  const unknown = errors.find((error) => keywordOf(error) === 'additionalProperties');
  return unknown ?? errors[0] ?? { path: '/body', message: 'is not what the document describes' };
}

function keywordOf(violation: Violation): string {
  return violation.errorCode?.split('.')[0] ?? '';
}

function bodyRefusal(segments: string[], violation: Violation): ApiError {
  const param = segments.length === 0 ? null : segments.map(unescapePointer).join('.');
  const subject = param ?? 'The body';
  const code: ErrorCode =
    keywordOf(violation) === 'additionalProperties' ? 'body.unknown_field' : 'body.invalid';
  const message =
    code === 'body.unknown_field'
      ? `${subject} is not a field of this operation. Remove it, or check its spelling.`
      : `${subject} ${violation.message}. Correct it and send the request again.`;
  return new ApiError(code, { message, param });
}

function parameterRefusal(place: string, name: string, violation: Violation, id: OperationId): ApiError {
  const known = declared(place, name, id);
  if (known === undefined) {
    return new ApiError('parameter.unknown', {
      message: `${name} is not a parameter of this operation. Remove it, or check its spelling.`,
      param: name,
    });
  }
  const code = known.invalidValueCode ?? 'parameter.invalid';
  const message = `${name}: ${violation.message}. Correct it and send the request again.`;
  return new ApiError(code, { message, param: name });
}

/** The validator's names of the places, and those of the document. */
const PLACES = { query: 'query', params: 'path', headers: 'header' } as const;

function declared(place: string, name: string, id: OperationId): { invalidValueCode: ErrorCode | null } | undefined {
  const parameters: Record<string, { invalidValueCode: ErrorCode | null }> =
    operationTable[id].parameters[PLACES[place as keyof typeof PLACES] ?? 'query'];
  return Object.entries(parameters).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

/** RFC 6901, section 4. */
function unescapePointer(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}
