/**
 * Removes error codes that only workers meet from the public document. `remove-x-internal` removes them from the
 * table in `x-errors`; this removes them from the enum next to it, which has no place for a mark.
 */
export function dropInternalErrors() {
  return {
    Schema: {
      leave(schema) {
        const table = schema['x-errors'];
        if (table) schema.enum = schema.enum.filter((code) => table[code] && !table[code]['x-internal']);
      },
    },
  };
}
