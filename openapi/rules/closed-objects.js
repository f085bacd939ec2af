import { visitedComponent } from './component-name.js';

/**
 * An object lists its properties and allows no others. A map has a schema for its values and a maximum number of them.
 * Components named in `open` allow anything.
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
