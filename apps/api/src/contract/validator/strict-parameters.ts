import type { OperationId } from '@greenroom/contract';
import type { Request } from 'express';

import { ApiError } from '../../errors/api-error.ts';
import { unknownParameterError } from '../../errors/unknown-names.ts';
import { invalidParameterError, parameterNames, findParameter, type Parameter } from './parameters.ts';

const INTEGER = /^-?(?:0|[1-9][0-9]*)$/;

/**
 * Rejects query parameters that the validator accepts or reports wrongly: names that it normalizes (`Limit`, `limit[]`,
 * an empty one); an empty value, and several values for one; `1e1`, `0x10`, `5.0` and ` 5`, which are integers only to
 * JavaScript, and integers that lose digits; and a NUL, which no text column can store.
 */
export function strictParameters(id: OperationId) {
  const names = parameterNames(id, 'query');
  const parameters = new Map(names.map((name) => [name, findParameter(id, 'query', name)]));
  return ({ query }: Request): void => {
    for (const [name, value] of Object.entries(query)) {
      const parameter = parameters.get(name);
      if (parameter === undefined) throw unknownParameterError(name, names);
      const { type } = parameter.schema;
      if (Array.isArray(value) && type !== 'array') throw repeatedParameter(parameter);
      const texts = [value].flat().map(String);
      const isUnstorable = texts.some((text) => text.includes('\0'));
      const isInteger =
        type !== 'integer' || texts.every((text) => INTEGER.test(text) && Number.isSafeInteger(Number(text)));
      if (value === '' || isUnstorable || !isInteger) throw invalidParameterError(parameter, value);
    }
  };
}

function repeatedParameter({ name: param, invalidValueCode }: Parameter): ApiError {
  return invalidValueCode === 'cursor.unknown'
    ? new ApiError('cursor.unknown', { situation: 'repeated', param })
    : new ApiError('parameter.invalid', { situation: 'repeated', param });
}
