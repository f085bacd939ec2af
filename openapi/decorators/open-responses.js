import { responseSchemas } from './reachable-schemas.js';

/**
 * Opens what responses consist of, in the public document: objects may gain fields, and an `enum` becomes an
 * `x-extensible-enum`. The server holds its responses to the closed schemas; a generated client must not fail on a field
 * or a value that a later version adds.
 */
export function openResponses() {
  return {
    Root: {
      leave(document) {
        for (const schema of responseSchemas(document)) {
          if (typeof schema.additionalProperties === 'boolean') delete schema.additionalProperties;
          if (schema.enum === undefined) continue;
          schema['x-extensible-enum'] = schema.enum;
          delete schema.enum;
        }
      },
    },
  };
}
