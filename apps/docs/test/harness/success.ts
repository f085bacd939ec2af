import { Validator, type Schema as JsonSchema } from '@cfworker/json-schema';
import {
  resolve,
  type OpenApiDocument,
  type Operation,
  type Referable,
  type Schema,
} from '@greenroom/contract/document';

/** Returns the success status of an operation, with the schema of its body; null when it has none. */
export function declaredSuccess(document: OpenApiDocument, { object }: Operation) {
  const [status = '', response] =
    Object.entries(object.responses).find(([code]) => code.startsWith('2')) ?? [];
  const content = response && resolve(document, response).content?.['application/json'];
  return { status: Number(status), schema: content?.schema ?? null };
}

/** Returns the schema of a list's items. */
export function itemsOf(document: OpenApiDocument, list: Referable<Schema>): Referable<Schema> {
  const data = resolve(document, list).properties?.['data'];
  const items = data && resolve(document, data).items;
  if (items === undefined) throw new Error('Not the schema of a list.');
  return items;
}

/** Returns the errors of a value by a schema of the document. */
export function faultsOf(document: OpenApiDocument, schema: Referable<Schema>, value: unknown): string[] {
  const { schemas } = document.components;
  const root = { ...schema, components: { schemas } } as JsonSchema;
  const { errors } = new Validator(root, '2020-12', false).validate(value);
  return errors.map(({ instanceLocation, error }) => `${instanceLocation} ${error}`);
}
