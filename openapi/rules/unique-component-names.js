import { componentName } from './component-name.js';

/** Components that generators make types of have different names, also across sections: a clash becomes `SessionId2`. */
export function uniqueComponentNames() {
  const types = new Map();
  return {
    ref(node, { type, report, location }) {
      if (!['Schema', 'Parameter', 'Response', 'RequestBody', 'Header'].includes(type.name)) return;
      const name = componentName(node.$ref);
      const known = types.get(name) ?? type.name;
      types.set(name, known);
      if (known === type.name) return;
      report({
        message: `${name} is a ${known} and a ${type.name}. Give one of them another name.`,
        location,
      });
    },
  };
}
