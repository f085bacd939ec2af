const KEYWORDS = {
  string: ['minLength', 'maxLength', 'pattern'],
  integer: ['minimum', 'maximum'],
  number: ['minimum', 'maximum'],
};

/**
 * Writes a schema of several types as `anyOf` with one type each in the public document, because generators for typed
 * languages reject a list of types. A type with null stays unchanged. An integer comes before a number, so that
 * languages with both read 250 as 250 and not as 250.0.
 */
export function splitTypes() {
  return {
    Schema: {
      leave(schema) {
        const types = [schema.type ?? []].flat();
        if (types.filter((type) => type !== 'null').length < 2) return;
        schema.anyOf = types
          .flatMap((type) => (type === 'number' ? ['integer', 'number'] : [type]))
          .map((type) => oneType(schema, type));
        delete schema.type;
        for (const keyword of Object.values(KEYWORDS).flat()) delete schema[keyword];
      },
    },
  };
}

function oneType(schema, type) {
  const kept = (KEYWORDS[type] ?? []).filter((keyword) => keyword in schema);
  const format = { integer: { format: 'int64' }, number: { format: 'double' } }[type];
  return { type, ...format, ...Object.fromEntries(kept.map((keyword) => [keyword, schema[keyword]])) };
}
