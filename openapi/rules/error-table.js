/**
 * The table of error codes is complete: every code of the enum has its status, type, title, cause and action,
 * and some operation can give it. Codes in `beyond_operations` are responses to requests that reach no
 * operation.
 */
export function errorTable({ beyond_operations: beyondOperations = [] }) {
  const used = new Set();
  let table;
  return {
    Schema(schema, { report, location }) {
      if (!schema['x-errors']) return;
      table = { codes: schema.enum ?? [], location };
      const codes = Object.keys(schema['x-errors']);
      if (codes.join() !== table.codes.join()) {
        report({
          message: 'The codes of `enum` and `x-errors` must be the same, in the same order.',
          location,
        });
      }
      for (const [code, entry] of Object.entries(schema['x-errors'])) {
        for (const field of ['status', 'type', 'title', 'cause', 'action']) {
          if (!entry[field]) report({ message: `\`${code}\` needs \`${field}\`.`, location });
        }
        if (!/^[a-z0-9_]+(\.[a-z0-9_]+)*$/.test(code)) {
          report({ message: `\`${code}\` does not have the form of an error code.`, location });
        }
      }
    },
    Operation: {
      Response(response, { key }) {
        if (!/^[45]/.test(key)) return;
        for (const code of Object.keys(response.content?.['application/json']?.examples ?? {})) {
          used.add(code);
        }
      },
    },
    Root: {
      leave(_, { report, location }) {
        if (!table) report({ message: 'No schema has `x-errors`.', location });
        for (const code of table?.codes ?? []) {
          if (used.has(code) !== beyondOperations.includes(code)) continue;
          report({
            message: used.has(code)
              ? `\`${code}\` is said to be beyond operations.`
              : `No operation can give \`${code}\`.`,
            location: table.location,
          });
        }
      },
    },
  };
}
