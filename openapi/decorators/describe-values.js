/** Appends the texts of the extensions listed in `names`, one for each value, to the description of their schema. */
export function describeValues({ names }) {
  return {
    Schema: {
      leave(schema) {
        for (const texts of names.map((name) => schema[name] ?? {})) {
          const lines = Object.entries(texts).map(([value, text]) => `- \`${value}\`: ${text}`);
          if (lines.length > 0) schema.description = `${schema.description.trim()}\n\n${lines.join('\n')}\n`;
        }
      },
    },
  };
}
