import { operationsOf, type OpenApiDocument, type Operation } from '@greenroom/contract/document';

import { CHANGE_KINDS, distinct, type Change } from './change.ts';
import { compareErrorTables } from './compare-error-tables.ts';
import { compareNames } from './compare-names.ts';
import { operationComparison } from './compare-operations.ts';

/**
 * Returns the changes between two documents that affect callers, the most severe first. Prose and examples are not compared:
 * programs do not read them.
 */
export function compareDocuments(before: OpenApiDocument, after: OpenApiDocument): Change[] {
  const [old, current] = [byRoute(before), byRoute(after)];
  const { added, removed, kept } = compareNames(old.keys(), current.keys());
  const compareOperations = operationComparison(before, after);
  const changes = [
    ...removed.map((route): Change => say(old.get(route), 'breaking', `was removed: \`${route}\``)),
    ...added.map((route): Change => say(current.get(route), 'addition', `was added: \`${route}\``)),
    ...kept.flatMap((route) => {
      const [was, is] = [old.get(route), current.get(route)];
      return was && is ? compareOperations(was, is) : [];
    }),
    ...compareErrorTables(before, after),
  ];
  return distinct(changes).sort((a, b) => CHANGE_KINDS.indexOf(a.kind) - CHANGE_KINDS.indexOf(b.kind));
}

function byRoute(document: OpenApiDocument): Map<string, Operation> {
  return new Map(
    operationsOf(document).map((operation) => [
      `${operation.method.toUpperCase()} ${operation.path}`,
      operation,
    ]),
  );
}

function say(operation: Operation | undefined, kind: Change['kind'], what: string): Change {
  return { kind, subject: operation?.object.operationId ?? '', what };
}
