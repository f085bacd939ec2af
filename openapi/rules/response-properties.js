/**
 * A response always has all of its fields: every property of an object in a response is required. A property without a
 * value is null, so that clients need not distinguish absent from empty.
 *
 * Walks the schema itself, because a nested visitor is called for the outermost schema only.
 */
export function responseProperties() {
  const seen = new Set();

  function check(referenced, from, ctx) {
    const resolved = ctx.resolve(referenced, from.source.absoluteRef);
    const schema = resolved.node;
    if (!schema || seen.has(schema)) return;
    seen.add(schema);
    const location = referenced.$ref ? resolved.location : from;
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      const at = location.child('properties').child(name);
      if (!schema.required?.includes(name)) {
        ctx.report({ message: `\`${name}\` is in a response and must be required.`, location: at });
      }
      check(property, at, ctx);
    }
    if (schema.items) check(schema.items, location.child('items'), ctx);
    for (const keyword of ['oneOf', 'anyOf', 'allOf']) {
      for (const [index, part] of (schema[keyword] ?? []).entries()) {
        check(part, location.child(keyword).child(index), ctx);
      }
    }
  }

  return {
    Response: {
      MediaType({ schema }, ctx) {
        if (schema) check(schema, ctx.location.child('schema'), ctx);
      },
    },
  };
}
