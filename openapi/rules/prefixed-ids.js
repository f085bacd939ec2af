import { componentName, visitedComponent } from './component-name.js';

/**
 * Ids have a prefix: schemas named `…Id` are strings with a pattern that begins with one, and every field or parameter
 * named `id` or `…_id` refers to such a schema. Components named in `bare` have no prefix.
 */
export function prefixedIds({ bare = [] }) {
  const isId = (schema) => componentName(schema?.$ref)?.endsWith('Id');
  return {
    Schema(schema, ctx) {
      const name = visitedComponent(ctx);
      if (!name?.endsWith('Id')) return;
      const prefix = bare.includes(name) ? /^\^/ : /^\^[a-z]+_/;
      if (schema.type !== 'string' || !prefix.test(schema.pattern ?? '') || !schema.pattern.endsWith('$')) {
        ctx.report({
          message: `${name} must be a string with a pattern \`^prefix_…$\`.`,
          location: ctx.location,
        });
      }
    },
    SchemaProperties(properties, { report, location }) {
      for (const [name, schema] of Object.entries(properties)) {
        if (!/^(\w+_)?id$/.test(name) || isId(schema)) continue;
        report({
          message: `\`${name}\` must refer to a schema named \`…Id\`.`,
          location: location.child(name),
        });
      }
    },
    Parameter(parameter, { report, location }) {
      if (!/^(\w+_)?id$/.test(parameter.name) || isId(parameter.schema)) return;
      report({ message: `\`${parameter.name}\` must refer to a schema named \`…Id\`.`, location });
    },
  };
}
