import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

import { isDateTime } from '../../document/date-time.ts';
import { document } from '../../document/document.ts';

/**
 * Returns a function that checks a value against a schema of the document, where `operationValidator` does not.
 * Compiles the schema at the first call.
 *
 * @returns a description of the first problem; null without one
 */
export function schemaValidator(name: string): (value: unknown) => string | null {
  let validate: ValidateFunction | undefined;
  return (value) => {
    validate ??= compiled(name);
    if (validate(value)) return null;
    const [error] = validate.errors ?? [];
    return `${name}${error?.instancePath ?? ''} ${error?.message ?? 'is invalid'}`;
  };
}

function compiled(name: string): ValidateFunction {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv, { mode: 'full' });
  ajv.addFormat('date-time', isDateTime);
  const { schemas } = document.components;
  return ajv.compile({ $ref: `#/components/schemas/${name}`, components: { schemas } });
}
