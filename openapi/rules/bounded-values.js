/**
 * Every string, array and integer has its bounds, so that no client can make the server hold, and no server a
 * client, more than was agreed. A `const` or an `enum` is bound enough.
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
