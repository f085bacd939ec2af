/**
 * Every string, array and integer has bounds, so that neither side can exhaust the memory of the other. A `const` or an
 * `enum` needs no other bound.
 */
export function boundedValues() {
  const needs = { string: ['maxLength'], array: ['maxItems'], integer: ['format', 'minimum', 'maximum'] };
  return {
    Schema(schema, { report, location }) {
      if ('const' in schema || 'enum' in schema) return;
      for (const type of [schema.type].flat()) {
        for (const keyword of needs[type] ?? []) {
          if (schema[keyword] === undefined) {
            report({ message: `A schema of type ${type} needs \`${keyword}\`.`, location });
          }
        }
      }
    },
  };
}
