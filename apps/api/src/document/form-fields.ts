import { operationTable, type OperationId } from '@greenroom/contract';

import { document, resolved } from './document.ts';

/** What the document says of a field of a form. */
export interface FormField {
  /** Whether it is a file, taken as bytes, or a text. */
  isFile: boolean;
  minBytes: number;
  maxBytes: number;
  /** Of a text. */
  maxCharacters: number;
}

interface FieldSchema {
  type?: string;
  format?: string;
  minLength?: number;
  maxLength?: number;
}

/** UTF-8 takes up to four bytes for a character. */
const MAX_CHARACTER_BYTES = 4;

/** The fields of an operation's form, by name. The document is checked for what this cannot read. */
export function formFields(id: OperationId): ReadonlyMap<string, FormField> {
  const { path, method } = operationTable[id];
  const body = document.paths[path]?.[method]?.requestBody;
  const schema = resolved(body?.content['multipart/form-data']?.schema ?? {}) as {
    properties?: Record<string, object>;
  };
  return new Map(
    Object.entries(schema.properties ?? {}).map(([name, property]) => [
      name,
      formField(`${id}: ${name}`, resolved(property)),
    ]),
  );
}

function formField(where: string, schema: FieldSchema): FormField {
  const { type, format, minLength = 0, maxLength } = schema;
  if (type !== 'string' || maxLength === undefined) {
    throw new Error(`${where}: a field of a form is a string with a maxLength`);
  }
  // For what is bytes, the document's lengths are in bytes (OpenAPI 3.1.1, section 4.8.24.4.1).
  const isFile = format === 'binary';
  return {
    isFile,
    minBytes: isFile ? minLength : 0,
    maxBytes: isFile ? maxLength : maxLength * MAX_CHARACTER_BYTES,
    maxCharacters: maxLength,
  };
}
