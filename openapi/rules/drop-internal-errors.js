/**
 * A decorator: error codes that only workers meet leave the public document. `remove-x-internal` takes them
 * out of the table in `x-errors`; this takes them out of the enum beside it, which has no place for a mark.
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
