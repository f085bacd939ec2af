/**
 * The component that a reference or a location names, whether in a separate file or in a bundle: `Session`
 * of `../schemas/Session.yaml` and of `#/components/schemas/Session`. Undefined when there is no reference.
 */
export function componentName(reference) {
  return reference
    ?.split('/')
    .at(-1)
    .replace(/\.yaml(#.*)?$/, '');
}

/** The component that the visited node is the whole of, or undefined inside of one. */
export function visitedComponent({ location }) {
  const pointer = location.pointer.replace(/^#?\/?/, '');
  if (pointer === '') return componentName(location.source.absoluteRef);
  return /^components\/\w+\/[^/]+$/.test(pointer) ? componentName(pointer) : undefined;
}
