import { resolveLocal } from './reachable-schemas.js';

const SETS = ['enum', 'x-extensible-enum', 'oneOf', 'anyOf', 'allOf'];

/**
 * Inlines ids, times and other plain values in the public document. Generators make a named type of each component, so
 * the fields of a session would be wrapped strings. Enums keep their names.
 */
export function inlineScalars() {
  return {
    Root: {
      leave(document) {
        const { schemas } = document.components;
        const scalars = Object.keys(schemas).filter((name) => isPlain(schemas[name]));
        inline(document, document, new Set(scalars.map((name) => `#/components/schemas/${name}`)));
        for (const name of scalars) delete schemas[name];
      },
    },
  };
}

function isPlain(schema) {
  const types = [schema.type ?? []].flat();
  const isScalar = types.length > 0 && !types.some((type) => ['object', 'array'].includes(type));
  return isScalar && !SETS.some((set) => set in schema);
}

function inline(document, node, plain) {
  if (typeof node !== 'object' || node === null) return;
  if (plain.has(node.$ref)) {
    const own = { ...node };
    Object.assign(node, resolveLocal(document, node), own);
    delete node.$ref;
  }
  for (const value of Object.values(node)) inline(document, value, plain);
}
