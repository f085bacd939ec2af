import { componentName } from './component-name.js';

/**
 * Every 4xx and 5xx is JSON of the schema ApiErrorEnvelope. The keys of its examples are the codes that it can have,
 * with the status and the type of the table in ErrorCode.
 */
export function errorShape() {
  const seen = [];
  let table = {};
  return {
    Schema(schema) {
      if (schema['x-errors']) table = schema['x-errors'];
    },
    Operation: {
      Response(response, { report, location, key, resolve }) {
        if (!/^[45]/.test(key)) return;
        const { 'application/json': json, ...others } = response.content ?? {};
        if (
          !json ||
          Object.keys(others).length > 0 ||
          componentName(json.schema?.$ref) !== 'ApiErrorEnvelope'
        ) {
          report({
            message: `${key} must have application/json of the schema ApiErrorEnvelope and nothing else.`,
            location,
          });
          return;
        }
        const examples = Object.entries(json.examples ?? {});
        if (examples.length === 0) {
          report({ message: `${key} must have its error codes as examples.`, location });
        }
        for (const [code, example] of examples) {
          seen.push({ status: key, code, error: resolve(example).node?.value?.error, location });
        }
      },
    },
    Root: {
      leave(_, { report }) {
        for (const { status, code, error, location } of seen) {
          const entry = table[code];
          if (!entry) {
            report({ message: `\`${code}\` is not in the table of error codes.`, location });
          } else if (String(entry.status) !== status) {
            report({
              message: `\`${code}\` has the status ${entry.status}, and is given at ${status}.`,
              location,
            });
          } else if (error?.code !== code || error.type !== entry.type) {
            report({
              message: `The example of \`${code}\` must have this code and the type ${entry.type}.`,
              location,
            });
          }
        }
      },
    },
  };
}
