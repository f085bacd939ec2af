import { componentName, visitedComponent } from './component-name.js';

const SHAPE = ['object', 'data', 'has_more', 'next_cursor'];

/**
 * A list is `{object: list, data, has_more, next_cursor}`, and the operation that returns it takes `limit`
 * and `starting_after`. Components named in `bare` are arrays without pages.
 */
export function listShape({ bare = [] }) {
  const isList = (name) => name?.endsWith('List') && !bare.includes(name);
  return {
    Schema(schema, ctx) {
      if (!isList(visitedComponent(ctx)) && schema.properties?.object?.const !== 'list') return;
      const { report, location } = ctx;
      const { properties = {}, required = [] } = schema;
      if (Object.keys(properties).join() !== SHAPE.join() || required.join() !== SHAPE.join()) {
        report({ message: `A list has and requires exactly ${SHAPE.join(', ')}, in this order.`, location });
        return;
      }
      if (properties.object.const !== 'list') {
        report({ message: '`object` must be the constant `list`.', location });
      }
      if (properties.data.type !== 'array' || properties.data.maxItems !== 100) {
        report({ message: '`data` must be an array of at most 100 items.', location });
      }
      if (properties.has_more.type !== 'boolean') {
        report({ message: '`has_more` must be a boolean.', location });
      }
      // Not `oneOf` an id and null, which generated clients read as a required id.
      if ([properties.next_cursor.type].flat().join() !== 'string,null') {
        report({ message: "`next_cursor` must have the type `[string, 'null']`.", location });
      }
    },
    Operation(operation, { report, location, resolve }) {
      const schema = operation.responses?.['200']?.content?.['application/json']?.schema;
      const name = componentName(schema?.$ref);
      if (/\.list$/.test(operation.operationId ?? '') && !name?.endsWith('List')) {
        report({ message: 'A `list` operation returns a schema named `…List`.', location });
      }
      if (!isList(name)) return;
      const parameters = (operation.parameters ?? []).map((parameter) => resolve(parameter).node?.name);
      for (const needed of ['limit', 'starting_after']) {
        if (!parameters.includes(needed)) {
          report({ message: `An operation that returns a list takes \`${needed}\`.`, location });
        }
      }
    },
  };
}
