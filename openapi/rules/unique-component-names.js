import { componentName } from './component-name.js';

const NAMED = ['Schema', 'Parameter', 'Response', 'RequestBody', 'Header', 'SecurityScheme'];

/**
 * Components that become types in generated clients have unique names, even across sections and regardless of the first
 * letter's case. A clash becomes `SessionId2`, or an error.
 */
export function uniqueComponentNames() {
  const types = new Map();
  return {
    ref(node, { type, report, location }) {
      if (!NAMED.includes(type.name)) return;
      const name = componentName(node.$ref);
      const known = types.get(name.toLowerCase()) ?? type.name;
      types.set(name.toLowerCase(), known);
      if (known === type.name) return;
      report({
        message: `${name} is a ${known} and a ${type.name}. Give one of them another name.`,
        location,
      });
    },
  };
}
