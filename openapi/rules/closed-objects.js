import { visitedComponent } from './component-name.js';

/**
 * An object says which properties it has and that it has no others; a map says what its values are and how
 * many. Components named in `open` take anything.
 */
export function closedObjects({ open = [] }) {
  return {
    Schema(schema, ctx) {
      if (schema.type !== 'object' || schema.oneOf || open.includes(visitedComponent(ctx))) return;
      const { additionalProperties } = schema;
      if (additionalProperties === false) return;
      if (typeof additionalProperties === 'object' && schema.maxProperties !== undefined) return;
      ctx.report({
        message:
          'An object needs `additionalProperties: false`, or a schema for its values and `maxProperties`.',
        location: ctx.location,
      });
    },
  };
}
