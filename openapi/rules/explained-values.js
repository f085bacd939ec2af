/** The extension `x-failures` has a text for each value of the enum next to it, in the same order. */
export function explainedValues() {
  return {
    Schema(schema, { report, location }) {
      const texts = schema['x-failures'];
      if (!texts || Object.keys(texts).join() === schema.enum?.join()) return;
      report({
        message: 'The values of `enum` and `x-failures` must be the same, in the same order.',
        location: location.child('x-failures'),
      });
    },
  };
}
