const PLACEHOLDER = /\{(\w+)\}/g;
/** Parts of regular expressions that do not occur in prose. */
const REGULAR_EXPRESSION = /\^(?!\d)|\\[dwsx]|\[[^\]]*\][*+{]|\(\?|\.\*/;
/** Words that messages must not use: those of a hosted service, and internal ones. */
const UNWANTED = /\b(?:we|our|us|whoever|whom|anew|mend|beside|in hand)\b/i;

/**
 * Every code of the table has message templates, and a sample with exactly their parameters (`param` is also the
 * `param` of the example). A message is one or more sentences, without a regular expression. Messages in
 * `x-internal-messages` exist, and do not include the first one, which the example uses.
 */
export function errorMessages() {
  return {
    Schema(schema, { report, location }) {
      for (const [
        code,
        { messages = {}, sample = {}, 'x-internal-messages': internal = [] },
      ] of Object.entries(schema['x-errors'] ?? {})) {
        const templates = Object.values(messages);
        const problem = (message) =>
          report({ message: `\`${code}\` ${message}`, location: location.child(['x-errors', code]) });
        if (templates.length === 0) problem('needs `messages`.');
        const [usual, ...others] = Object.keys(messages);
        for (const situation of internal) {
          if (situation === usual) problem(`has an example of the internal message \`${situation}\`.`);
          else if (!others.includes(situation)) problem(`has no message \`${situation}\` to be internal.`);
        }
        const parameters = new Set(
          templates.flatMap((template) => [...template.matchAll(PLACEHOLDER)].map(([, name]) => name)),
        );
        for (const name of parameters) if (!(name in sample)) problem(`needs a sample of {${name}}.`);
        for (const name of Object.keys(sample)) {
          if (name !== 'param' && !parameters.has(name)) {
            problem(`has a sample of {${name}}, which no message has.`);
          }
        }
        for (const template of templates) {
          if (!template.endsWith('.')) problem(`has a message without a full stop: ${template}`);
          if (REGULAR_EXPRESSION.test(template)) {
            problem(`has a regular expression in a message: ${template}`);
          }
          if (UNWANTED.test(template)) {
            problem(`has a word in a message that it should not have: ${template}`);
          }
        }
      }
    },
  };
}
