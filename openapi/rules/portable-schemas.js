/**
 * Schemas use only features that generators of every language support: no look-around in patterns (Go and Rust have
 * none), a `format` for numbers (without it, Go uses 32 bits), and no `readOnly` or `writeOnly`, which split a type in
 * two.
 */
export function portableSchemas() {
  return {
    Schema(schema, { report, location }) {
      if (/\(\?<?[=!]/.test(schema.pattern ?? '')) {
        report({ message: 'A `pattern` has no look-around.', location: location.child('pattern') });
      }
      const types = [schema.type].flat().filter((type) => type !== 'null');
      if (types.join() === 'number' && !schema.format) {
        report({ message: 'A number needs a `format`.', location });
      }
      for (const keyword of ['readOnly', 'writeOnly']) {
        if (keyword in schema) {
          report({ message: `A schema has no \`${keyword}\`.`, location: location.child(keyword) });
        }
      }
    },
  };
}
