import { partsOf, requestSchemas, resolveLocal, responseSchemas } from './reachable-schemas.js';

/**
 * Opens the schemas of responses in the public document: objects may gain fields, and an `enum` becomes an
 * `x-extensible-enum`. The server checks its responses against the closed schemas; a generated client must not fail on
 * a field or a value that a later version adds.
 *
 * Schemas that only requests use stay closed. One that refers to an enum of a response gets a closed copy: `Quality`
 * and `RequestedQuality`.
 */
export function openResponses() {
  return {
    Root: {
      leave(document) {
        const opened = responseSchemas(document);
        const closed = [...requestSchemas(document)].filter((schema) => !opened.has(schema));
        for (const part of closed.flatMap(partsOf)) {
          const target = resolveLocal(document, part);
          if (target !== part && opened.has(target) && target.enum) referToCopy(document, part, target);
        }
        opened.forEach(open);
      },
    },
  };
}

function referToCopy({ components }, reference, target) {
  const name = `Requested${reference.$ref.split('/').at(-1)}`;
  components.schemas[name] ??= { ...target };
  reference.$ref = `#/components/schemas/${name}`;
}

function open(schema) {
  if (typeof schema.additionalProperties === 'boolean') delete schema.additionalProperties;
  if (schema.enum === undefined) return;
  schema['x-extensible-enum'] = schema.enum;
  delete schema.enum;
}
