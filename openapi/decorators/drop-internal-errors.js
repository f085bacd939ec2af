const PLACEHOLDER = /\{(\w+)\}/g;

/**
 * Removes error codes and messages that only workers can get from the public document. `remove-x-internal` removes the
 * codes from the table in `x-errors`; this removes them from the enum next to it, which cannot be marked.
 * `x-internal-messages` names the messages; their samples are removed with them.
 */
export function dropInternalErrors() {
  return {
    Schema: {
      leave(schema) {
        const table = schema['x-errors'];
        if (!table) return;
        schema.enum = schema.enum.filter((code) => table[code] && !table[code]['x-internal']);
        for (const entry of Object.values(table)) dropInternalMessages(entry);
      },
    },
  };
}

function dropInternalMessages(entry) {
  const internal = entry['x-internal-messages'];
  if (internal === undefined) return;
  delete entry['x-internal-messages'];
  const messages = Object.entries(entry.messages).filter(([situation]) => !internal.includes(situation));
  const names = messages.flatMap(([, template]) =>
    [...template.matchAll(PLACEHOLDER)].map(([, name]) => name),
  );
  entry.messages = Object.fromEntries(messages);
  if (entry.sample === undefined) return;
  const samples = Object.entries(entry.sample).filter(([name]) => name === 'param' || names.includes(name));
  entry.sample = Object.fromEntries(samples);
}
