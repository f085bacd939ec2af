import type { CommonTableExpr, InsertStmt, Node, SelectStmt, WithClause } from 'libpg-query';

import { as, namesOf, walk } from './ast.ts';

const VOLATILE = new Set(['now', 'clock_timestamp', 'statement_timestamp', 'random', 'gen_random_uuid']);

/** Returns what Citus refuses in a statement, on whichever shards it runs. */
export function refusedIn(statement: Node): string[] {
  const refused: string[] = [];
  walk(statement, (kind, fields) => {
    if (
      kind === 'withClause' &&
      (fields as WithClause).recursive === true &&
      contains(statement, 'InsertStmt')
    ) {
      refused.push('an INSERT together with WITH RECURSIVE');
    }
    if (kind === 'CommonTableExpr') {
      const select = as((fields as CommonTableExpr).ctequery, 'SelectStmt');
      if (select !== undefined && hasNoColumns(select))
        {refused.push('a common table expression without columns');}
    }
    if (kind === 'onConflictClause') {
      const { targetList, whereClause } = fields as NonNullable<InsertStmt['onConflictClause']>;
      const isVolatile = calls([targetList, whereClause]).some((name) => VOLATILE.has(name));
      if (isVolatile) refused.push('a function in ON CONFLICT that is not immutable');
    }
    return false;
  });
  return refused;
}

function contains(tree: unknown, wanted: string): boolean {
  let found = false;
  walk(tree, (kind) => (found ||= kind === wanted));
  return found;
}

function hasNoColumns({ targetList, valuesLists, larg }: SelectStmt): boolean {
  return targetList === undefined && valuesLists === undefined && larg === undefined;
}

function calls(tree: unknown): string[] {
  const names: string[] = [];
  walk(tree, (kind, fields) => {
    if (kind === 'FuncCall') names.push(namesOf((fields as { funcname?: Node[] }).funcname).at(-1) ?? '');
    return false;
  });
  return names;
}
