/**
 * Returns the component that a reference or a location names, whether in a separate file or in a bundle: `Session`
 * of `../schemas/Session.yaml` and of `#/components/schemas/Session`. Undefined without a reference.
 */
export function componentName(reference) {
  return reference
    ?.split('/')
    .at(-1)
    .replace(/\.yaml(#.*)?$/, '');
}

/** Returns the component that the visited node is, or undefined when the node is only a part of one. */
export function visitedComponent({ location }) {
  const pointer = location.pointer.replace(/^#?\/?/, '');
  if (pointer === '') return componentName(location.source.absoluteRef);
  return /^components\/\w+\/[^/]+$/.test(pointer) ? componentName(pointer) : undefined;
}
