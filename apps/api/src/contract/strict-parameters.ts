import { operationTable, type OperationId } from '@greenroom/contract';
import type { NextFunction, Request, Response } from 'express';

import { document, resolved, type ParameterObject, type SchemaObject } from './document.ts';
import { invalidParameter, parametersOf, unknownParameter } from './violations.ts';

const INTEGER = /^-?(?:0|[1-9][0-9]*)$/;

/**
 * Refuses what the validator would let through or name wrongly: names that it reads as if they were others
 * (`Limit`, `limit[]`, none at all); nothing for a value, or several for one; `1e1`, `0x10`, `5.0` and ` 5`, which
 * are numbers to JavaScript and not to the document; and a NUL, which no text column can hold.
 */
export function strictParameters(id: OperationId) {
  const parameters = new Map(Object.entries(parametersOf(id, 'query')));
  const types = keywordsOf(id, 'type');
  const formats = keywordsOf(id, 'format');
  return (request: Request, _response: Response, next: NextFunction): void => {
    for (const [name, value] of Object.entries(request.query)) {
      const parameter = parameters.get(name);
      if (parameter === undefined) throw unknownParameter(name);
      if (value === '') throw invalidParameter(name, 'is empty', parameter);
      if (Array.isArray(value) && types.get(name) !== 'array') {
        throw invalidParameter(name, 'is given more than once and takes one value', parameter);
      }
      if (typeof value === 'string' && value.includes(' ') && formats.get(name) === 'date-time') {
        throw invalidParameter(name, 'has a space in it; write a plus sign in a URL as %2B', parameter);
      }
      if (typeof value === 'string' && types.get(name) === 'integer' && !INTEGER.test(value)) {
        throw invalidParameter(name, 'must be an integer written in decimal digits, such as 20', parameter);
      }
      if ([value].flat().some((text) => typeof text === 'string' && text.includes('\0'))) {
        throw invalidParameter(name, 'contains a NUL character', parameter);
      }
    }
    next();
  };
}

/** A keyword of the schemas of an operation's query parameters, by name. */
function keywordsOf(id: OperationId, keyword: 'type' | 'format'): ReadonlyMap<string, string | undefined> {
  const { path, method } = operationTable[id];
  const parameters = (document.paths[path]?.[method]?.parameters ?? [])
    .map((parameter) => resolved(parameter) as ParameterObject)
    .filter(({ in: place }) => place === 'query');
  return new Map(parameters.map(({ name, schema }) => [name, (resolved(schema) as SchemaObject)[keyword]]));
}
