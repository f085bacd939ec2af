import { operationTable, type ErrorCode, type OperationId } from '@greenroom/contract';
import type { Parameter as ParameterObject, Schema } from '@greenroom/contract/document';

import { isImpossibleTime } from '../../document/date-time.ts';
import { document, merged, resolved } from '../../document/document.ts';
import { ApiError } from '../../errors/api-error.ts';
import { quoted } from '../../errors/message-text.ts';
import { describeSchema } from './describe.ts';

/** A parameter as the document describes it. */
export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  schema: Schema;
  /** The code of a value that the schema does not allow. */
  invalidValueCode: ErrorCode | null;
}

/** Returns the names of an operation's parameters in a location. */
export function parameterNames(id: OperationId, location: Parameter['in']): string[] {
  return Object.keys(operationTable[id].parameters[location]);
}

/** Returns a parameter with its name in the document. Names of headers are case-insensitive. */
export function findParameter(
  id: OperationId,
  location: Parameter['in'],
  name: string,
): Parameter | undefined {
  const table: Readonly<Record<string, { invalidValueCode: ErrorCode | null } | undefined>> =
    operationTable[id].parameters[location];
  const isSame =
    location === 'header'
      ? (known: string) => known.toLowerCase() === name.toLowerCase()
      : (known: string) => known === name;
  const found = Object.keys(table).find(isSame);
  if (found === undefined) return undefined;
  const { invalidValueCode = null } = table[found] ?? {};
  return { name: found, in: location, schema: schemaOf(id, location, found), invalidValueCode };
}

function schemaOf(id: OperationId, location: Parameter['in'], name: string): Schema {
  const { path, method } = operationTable[id];
  const item = document.paths[path];
  const parameters = [...(item?.parameters ?? []), ...(item?.[method]?.parameters ?? [])].map((parameter) =>
    resolved<ParameterObject>(parameter),
  );
  return merged(parameters.find((one) => one.in === location && one.name === name)?.schema ?? {});
}

/** Returns the error of an invalid value of a parameter, with the code that the document has for it. */
export function invalidParameterError(
  { name, schema, invalidValueCode }: Parameter,
  value: unknown,
): ApiError {
  const { items, examples = [] } = schema;
  const one = items === undefined ? schema : merged(items);
  const values = [value].flat().map(String);
  const sent = sentParameter(values, schema, one);
  const example = String(examples[0]);
  const param = name;
  switch (invalidValueCode) {
    case 'status.unknown': {
      const situation = values.some((text) => /[,|]/.test(text)) ? 'list' : 'default';
      return new ApiError('status.unknown', {
        situation,
        values: { allowed: describeSchema(one), sent },
        param,
      });
    }
    case 'cursor.unknown':
      return new ApiError('cursor.unknown', { param });
    case 'session.not_found':
      return new ApiError('session.not_found', { situation: 'form', values: { sent, example }, param });
    case 'avatar.not_found':
      return new ApiError('avatar.not_found', { situation: 'form', values: { sent, example }, param });
    case 'worker.not_found':
      return new ApiError('worker.not_found', { situation: 'form', values: { sent, example }, param });
    case 'api_key.not_found':
      return new ApiError('api_key.not_found', { situation: 'form', values: { example }, param });
    default: {
      const isTime = one.format === 'date-time';
      if (isTime && values.every(isImpossibleTime)) {
        return new ApiError('parameter.invalid', { situation: 'impossible_time', values: { sent }, param });
      }
      // A query string decodes a plus sign as a space.
      const situation = isTime && values.some((text) => text.includes(' ')) ? 'plus' : 'value';
      return new ApiError('parameter.invalid', {
        situation,
        values: { expected: describeSchema(one), sent },
        param,
      });
    }
  }
}

/** Describes the invalid values of a parameter. */
function sentParameter(values: string[], { maxItems = Infinity }: Schema, one: Schema): string {
  if (values.length > maxItems) return `${values.length} values, which is more than ${maxItems}`;
  const wrong = values.filter((value) => one.enum?.includes(value) !== true).join(', ');
  return wrong === '' ? 'an empty value' : quoted(wrong);
}
