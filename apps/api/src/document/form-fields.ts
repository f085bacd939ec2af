import { operationTable, type OperationId } from '@greenroom/contract';
import type { RequestBody, Schema } from '@greenroom/contract/document';

import { document, merged, resolved } from './document.ts';

/** A field of a form, as the document describes it. */
export interface FormField {
  /** Whether the field is a file, read as bytes, or a text. */
  isFile: boolean;
  minBytes: number;
  maxBytes: number;
  /** The limit of a text. */
  maxCharacters: number;
}

/** UTF-8 takes up to four bytes for a character. */
const MAX_CHARACTER_BYTES = 4;

/** Returns the fields of an operation's form, by name. */
export function formFields(id: OperationId): ReadonlyMap<string, FormField> {
  const { path, method } = operationTable[id];
  const body = document.paths[path]?.[method]?.requestBody;
  const schema = merged((body && resolved<RequestBody>(body).content['multipart/form-data']?.schema) ?? {});
  return new Map(
    Object.entries(schema.properties ?? {}).map(([name, property]) => [
      name,
      formField(`${id}: ${name}`, merged(property)),
    ]),
  );
}

function formField(where: string, schema: Schema): FormField {
  const { type, format, minLength = 0, maxLength } = schema;
  if (type !== 'string' || maxLength === undefined) {
    throw new Error(`${where}: a field of a form is a string with a maxLength`);
  }
  // The length of a binary string is in bytes (OpenAPI 3.1.1, section 4.8.24.4.1).
  const isFile = format === 'binary';
  return {
    isFile,
    minBytes: isFile ? minLength : 0,
    maxBytes: isFile ? maxLength : maxLength * MAX_CHARACTER_BYTES,
    maxCharacters: maxLength,
  };
}
