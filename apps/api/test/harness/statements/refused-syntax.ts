import type {
  CommonTableExpr,
  InsertStmt,
  JoinExpr,
  Node,
  ParamRef,
  SelectStmt,
  UpdateStmt,
  WithClause,
} from 'libpg-query';

import { as, namesOf, walk } from './ast.ts';

const VOLATILE = new Set(['now', 'clock_timestamp', 'statement_timestamp', 'random', 'gen_random_uuid']);

/** Returns the syntax of a statement that Citus rejects on any shard. */
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
      if (select !== undefined && hasNoColumns(select)) {
        refused.push('a common table expression without columns');
      }
    }
    if (kind === 'onConflictClause') {
      const { targetList, whereClause } = fields as NonNullable<InsertStmt['onConflictClause']>;
      if (isVolatile([targetList, whereClause])) {
        refused.push('a function in ON CONFLICT that is not immutable');
      }
    }
    if (kind === 'UpdateStmt' || kind === 'DeleteStmt') {
      const { targetList, whereClause } = fields as UpdateStmt;
      walk([targetList, whereClause], (inner, innerFields) => {
        const isChoice = inner === 'CaseExpr' || inner === 'CoalesceExpr';
        if (isChoice && isVolatile(innerFields)) {
          refused.push('a function in CASE or COALESCE of a change that is not immutable');
        }
        return isChoice || inner === 'SelectStmt';
      });
    }
    if (kind === 'returningClause' && isVolatile(fields)) {
      refused.push('a function in RETURNING that is not immutable');
    }
    return false;
  });
  return refused;
}

const isVolatile = (tree: unknown): boolean => calls(tree).some((name) => VOLATILE.has(name));

/**
 * Returns the numbers of the parameters in the conditions of outer joins. If one is null, PostgreSQL drops the join, and
 * Citus no longer finds the organisation of its table.
 */
export function parametersOfOuterJoins(statement: Node): number[] {
  const numbers: number[] = [];
  walk(statement, (kind, fields) => {
    if (kind !== 'JoinExpr') return false;
    const { jointype, quals } = fields as JoinExpr;
    if (jointype === 'JOIN_LEFT') {
      walk(quals, (inner, innerFields) => {
        if (inner === 'ParamRef') numbers.push((innerFields as ParamRef).number ?? 0);
        return inner === 'NullTest';
      });
    }
    return false;
  });
  return numbers;
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
