import { resolveLocal } from './reachable-schemas.js';

/**
 * Writes ids, times and other plain values where they are used, in the public document. Generators make a type with a
 * name of each component, and a session full of wrapped strings is no pleasure. Sets of values keep their names.
 */
export function inlineScalars() {
  return {
    Root: {
      leave(document) {
        const { schemas } = document.components;
        const scalars = Object.keys(schemas).filter((name) => isPlain(schemas[name]));
        const references = new Set(scalars.map((name) => `#/components/schemas/${name}`));
        inline(document, document, references);
        for (const name of scalars) delete schemas[name];
      },
    },
  };
}

function isPlain(schema) {
  const types = [schema.type ?? []].flat();
  const sets = ['enum', 'x-extensible-enum', 'oneOf', 'anyOf', 'allOf'];
  return (
    types.length > 0 &&
    !types.some((type) => ['object', 'array'].includes(type)) &&
    !sets.some((set) => set in schema)
  );
}

function inline(document, node, references) {
  if (typeof node !== 'object' || node === null) return;
  if (references.has(node.$ref)) {
    const { $ref, ...own } = node;
    delete node.$ref;
    Object.assign(node, resolveLocal(document, { $ref }), own);
  }
  for (const value of Object.values(node)) inline(document, value, references);
}
