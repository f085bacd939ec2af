import type { Node } from 'libpg-query';

/** The fields of the nodes of a kind. */
type Fields<Kind extends string> = Node extends infer Each
  ? Each extends Readonly<Record<Kind, infer Value>>
    ? Value
    : never
  : never;

/** Returns the fields of a node of this kind, or undefined when it has another kind. */
export function as<Kind extends string>(node: Node | undefined, kind: Kind): Fields<Kind> | undefined {
  return node !== undefined && kind in node ? (node as Record<Kind, Fields<Kind>>)[kind] : undefined;
}

/** Returns the parts of a name, such as a column with its table. */
export function namesOf(nodes: readonly Node[] | undefined): string[] {
  return (nodes ?? []).flatMap((node) => as(node, 'String')?.sval ?? []);
}

/** Calls `visit` for each node of a tree by its kind, except below those for which it returns true. */
export function walk(tree: unknown, visit: (kind: string, fields: unknown) => boolean): void {
  if (Array.isArray(tree)) {
    for (const each of tree) walk(each, visit);
  } else if (typeof tree === 'object' && tree !== null) {
    for (const [kind, fields] of Object.entries(tree)) if (!visit(kind, fields)) walk(fields, visit);
  }
}
