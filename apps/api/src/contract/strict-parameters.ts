import type { OperationId } from '@greenroom/contract';
import type { NextFunction, Request, Response } from 'express';

import { ApiError } from '../http/api-error.ts';
import { documentOf } from './document.ts';

const INTEGER = /^-?(?:0|[1-9][0-9]*)$/;

/**
 * Refuses what the validator's coercion would let through: `1e1`, `0x10`, `5.0` and ` 5` are numbers to
 * JavaScript and not to the document; and a NUL, which no text column can hold.
 */
export function strictParameters(id: OperationId) {
  const integers = integerParametersOf(id);
  return (request: Request, _response: Response, next: NextFunction): void => {
    for (const [name, value] of Object.entries(request.query)) {
      if (typeof value === 'string' && integers.has(name) && !INTEGER.test(value)) {
        throw new ApiError('parameter.invalid', {
          message: `${name} must be an integer written in decimal digits, such as 20.`,
          param: name,
        });
      }
      if ([value].flat().some((text) => String(text).includes('\0'))) {
        throw new ApiError('parameter.invalid', {
          message: `${name} contains a NUL character. Remove it.`,
          param: name,
        });
      }
    }
    next();
  };
}

function integerParametersOf(id: OperationId): ReadonlySet<string> {
  const { paths, components } = documentOf(id);
  const parameters = Object.values(paths).flatMap((item) =>
    Object.values(item).flatMap((operation) => operation.parameters ?? []),
  );
  return new Set(
    parameters
      .map((parameter) => {
        const name = parameter.$ref?.split('/').at(-1);
        return name === undefined ? parameter : (components['parameters']?.[name] as typeof parameter);
      })
      .filter((parameter) => parameter.in === 'query' && parameter.schema?.type === 'integer')
      .map((parameter) => parameter.name ?? ''),
  );
}
