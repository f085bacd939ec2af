import { DISTRIBUTION_COLUMN, TABLES } from '@greenroom/database';
import {
  parseSync,
  type CommonTableExpr,
  type DeleteStmt,
  type InsertStmt,
  type JoinExpr,
  type Node,
  type RangeVar,
  type SelectStmt,
  type UpdateStmt,
  type WithClause,
} from 'libpg-query';

import { as, namesOf, walk } from './ast.ts';
import { Block, type Relation } from './block.ts';
import { parametersOfOuterJoins, refusedIn } from './refused-syntax.ts';

/** A column of the result of a query. */
interface Output {
  name: string | undefined;
  /** The parameters and constants that it equals, if it is the distribution column. */
  keys: ReadonlySet<string>;
}

type CommonTables = ReadonlyMap<string, readonly Output[]>;

/** The use of a distributed table. */
export interface Use {
  table: string;
  /** The parameters (`$1`) and constants (`'x'`) that its distribution column equals. Empty when there is none. */
  keys: readonly string[];
}

export interface StatementTables {
  uses: Use[];
  unsharded: string[];
  unknown: string[];
  /** The syntax that Citus rejects in a statement on any of these tables. */
  refused: string[];
  /** The numbers of the parameters that must not be null on Citus. */
  notNull: number[];
}

const NONE: ReadonlySet<string> = new Set();

/** Functions that write or lock tables of the coordinator, or must run there. */
const isUnshardedFunction = (names: readonly string[]) =>
  names[0] === 'graphile_worker' || names.at(-1) === 'pg_notify';

/**
 * Finds the tables of a statement, and the equalities that restrict the distributed ones to a shard. The parser must have
 * been loaded.
 *
 * @throws {SqlError} when the statement is not valid
 */
export function tablesOf(sql: string): StatementTables {
  const analysis = new Analysis();
  for (const { stmt } of parseSync(sql).stmts ?? []) if (stmt !== undefined) analysis.add(stmt);
  return analysis.tables;
}

class Analysis {
  readonly tables: StatementTables = { uses: [], unsharded: [], unknown: [], refused: [], notNull: [] };

  add(statement: Node): void {
    this.#statement(statement, undefined, new Map());
    this.tables.refused.push(...refusedIn(statement));
    this.tables.notNull.push(...parametersOfOuterJoins(statement));
    walk(statement, (kind, fields) => {
      if (kind !== 'FuncCall') return false;
      const names = namesOf((fields as { funcname?: Node[] }).funcname);
      if (isUnshardedFunction(names)) this.tables.unsharded.push(`${names.join('.')}()`);
      return false;
    });
  }

  #statement(node: Node | undefined, outer: Block | undefined, tables: CommonTables): Output[] {
    const select = as(node, 'SelectStmt');
    if (select !== undefined) return this.#select(select, outer, tables);
    const insert = as(node, 'InsertStmt');
    if (insert !== undefined) return this.#insert(insert, outer, tables);
    const change = as(node, 'UpdateStmt') ?? as(node, 'DeleteStmt');
    return change === undefined ? [] : this.#change(change, outer, tables);
  }

  #select(select: SelectStmt, outer: Block | undefined, given: CommonTables): Output[] {
    const tables = this.#with(select.withClause, outer, given);
    if (select.larg !== undefined && select.rarg !== undefined) {
      const left = this.#select(select.larg, outer, tables);
      const right = this.#select(select.rarg, outer, tables);
      return left.map(({ name, keys }, index) => ({
        name,
        keys: new Set([...keys].filter((key) => right[index]?.keys.has(key) === true)),
      }));
    }
    const block = new Block(outer);
    const subqueries = (select.fromClause ?? []).flatMap((item) => this.#from(item, block, tables));
    block.require(select.whereClause);
    this.#finish(block, subqueries, tables);
    this.#subqueries({ ...select, withClause: undefined, fromClause: select.fromClause }, block, tables);
    const [row, ...others] = select.valuesLists ?? [];
    if (row !== undefined) {
      const keysOf = (item: Node) => (others.length === 0 ? block.keysOf(item) : NONE);
      return (as(row, 'List')?.items ?? []).map((item) => ({ name: undefined, keys: keysOf(item) }));
    }
    return outputs(select.targetList, block);
  }

  #insert(insert: InsertStmt, outer: Block | undefined, given: CommonTables): Output[] {
    const tables = this.#with(insert.withClause, outer, given);
    const position = (insert.cols ?? []).findIndex(
      (column) => as(column, 'ResTarget')?.name === DISTRIBUTION_COLUMN,
    );
    const block = new Block(outer);
    const target = this.#table(insert.relation, block);
    const select = as(insert.selectStmt, 'SelectStmt');
    const rows = select?.valuesLists ?? [];
    if (rows.length > 1 && target?.table !== undefined) {
      // Each row has a key, and all keys must be of one organisation.
      for (const row of rows) {
        const item = as(row, 'List')?.items?.[position];
        const keys = item === undefined ? NONE : block.keysOf(item);
        this.tables.uses.push({ table: target.table, keys: [...keys] });
      }
      this.#subqueries(rows, block, tables);
      return outputs(insert.returningClause?.exprs, block);
    }
    const values = select === undefined ? [] : this.#select(select, outer, tables);
    for (const key of values[position]?.keys ?? []) target?.keys.add(key);
    this.#use(target);
    this.#subqueries([insert.onConflictClause, insert.returningClause], block, tables);
    return outputs(insert.returningClause?.exprs, block);
  }

  #change(change: UpdateStmt & DeleteStmt, outer: Block | undefined, given: CommonTables): Output[] {
    const tables = this.#with(change.withClause, outer, given);
    const block = new Block(outer);
    this.#table(change.relation, block);
    const from = change.fromClause ?? change.usingClause ?? [];
    const subqueries = from.flatMap((item) => this.#from(item, block, tables));
    block.require(change.whereClause);
    this.#finish(block, subqueries, tables);
    this.#subqueries({ ...change, withClause: undefined }, block, tables);
    return outputs(change.returningClause?.exprs, block);
  }

  #with(clause: WithClause | undefined, outer: Block | undefined, given: CommonTables): CommonTables {
    const tables = new Map(given);
    for (const node of clause?.ctes ?? []) {
      const table = as(node, 'CommonTableExpr');
      if (table?.ctename === undefined) continue;
      const select = as(table.ctequery, 'SelectStmt');
      if (clause?.recursive === true && select?.larg !== undefined) {
        // The recursive part reads the table, whose columns are those of the first part.
        const first = new Analysis().#select(select.larg, outer, tables);
        tables.set(table.ctename, renamed(first, table));
      }
      tables.set(table.ctename, renamed(this.#statement(table.ctequery, outer, tables), table));
    }
    return tables;
  }

  /** Adds the relations of an item of FROM to the block. Returns its subqueries, which may refer to any of them. */
  #from(node: Node, block: Block, tables: CommonTables): { relation: Relation; query: Node }[] {
    const table = as(node, 'RangeVar');
    if (table !== undefined) {
      const common = table.schemaname === undefined ? tables.get(table.relname ?? '') : undefined;
      if (common === undefined) {
        this.#table(table, block);
      } else {
        block.add({
          alias: table.alias?.aliasname ?? table.relname ?? '',
          table: undefined,
          ...column(common),
        });
      }
      return [];
    }
    const subselect = as(node, 'RangeSubselect');
    if (subselect?.subquery !== undefined) {
      const alias = subselect.alias?.aliasname ?? '';
      const relation = block.add({ alias, table: undefined, hasColumn: false, keys: NONE });
      return [{ relation, query: subselect.subquery }];
    }
    const fn = as(node, 'RangeFunction');
    if (fn !== undefined) {
      const hasColumn = namesOf(fn.alias?.colnames).includes(DISTRIBUTION_COLUMN);
      block.add({ alias: fn.alias?.aliasname ?? '', table: undefined, hasColumn, keys: NONE });
      return [];
    }
    const join = as(node, 'JoinExpr');
    return join === undefined ? [] : this.#join(join, block, tables);
  }

  #join(join: JoinExpr, block: Block, tables: CommonTables) {
    const sides = [join.larg, join.rarg].map((side) => {
      const before = block.relations.length;
      const subqueries = side === undefined ? [] : this.#from(side, block, tables);
      return { subqueries, relations: block.relations.slice(before) };
    });
    const [left = [], right = []] = sides.map(({ relations }) => relations);
    // The condition of an outer join does not restrict the side that keeps all rows.
    const restricted = new Map([
      ['JOIN_INNER', [...left, ...right]],
      ['JOIN_LEFT', right],
      ['JOIN_RIGHT', left],
    ]);
    const relations = restricted.get(join.jointype ?? '') ?? [];
    block.require(join.quals, relations);
    if (namesOf(join.usingClause).includes(DISTRIBUTION_COLUMN)) block.requireSame(left, right, relations);
    return sides.flatMap(({ subqueries }) => subqueries);
  }

  #table({ schemaname, relname = '', alias }: RangeVar = {}, block: Block): Relation | undefined {
    const distribution = schemaname === undefined || schemaname === 'public' ? TABLES[relname] : undefined;
    if (distribution === 'unsharded') this.tables.unsharded.push(relname);
    else if (schemaname === 'graphile_worker') this.tables.unsharded.push(`${schemaname}.${relname}`);
    else if (distribution === undefined && !isCatalog(schemaname, relname)) this.tables.unknown.push(relname);
    return block.add({
      alias: alias?.aliasname ?? relname,
      table: distribution === 'distributed' ? relname : undefined,
      hasColumn: distribution === 'distributed' || distribution === 'unsharded',
      keys: NONE,
    });
  }

  /** Analyses the subqueries of FROM, each with the keys that those before it have, and records the block's uses. */
  #finish(block: Block, subqueries: { relation: Relation; query: Node }[], tables: CommonTables): void {
    block.resolve();
    for (const { relation, query } of subqueries) {
      const { keys, hasColumn } = column(this.#statement(query, block, tables));
      relation.hasColumn = hasColumn;
      for (const key of keys) relation.keys.add(key);
      block.resolve();
    }
    for (const relation of block.relations) this.#use(relation);
  }

  #use(relation: Relation | undefined): void {
    if (relation?.table === undefined) return;
    this.tables.uses.push({ table: relation.table, keys: [...relation.keys] });
  }

  /** Analyses the subqueries of expressions. */
  #subqueries(tree: unknown, block: Block, tables: CommonTables): void {
    walk(tree, (kind, fields) => {
      if (kind === 'RangeSubselect') return true;
      if (kind !== 'SubLink') return false;
      const { subselect, testexpr } = fields as { subselect?: Node; testexpr?: Node };
      this.#statement(subselect, block, tables);
      this.#subqueries(testexpr, block, tables);
      return true;
    });
  }
}

function isCatalog(schema: string | undefined, table: string): boolean {
  return schema === 'pg_catalog' || schema === 'information_schema' || table.startsWith('pg_');
}

function renamed(columns: readonly Output[], { aliascolnames }: CommonTableExpr): Output[] {
  const names = namesOf(aliascolnames);
  return columns.map(({ name, keys }, index) => ({ name: names[index] ?? name, keys }));
}

/** Returns whether a query returns the distribution column, and the keys that it equals. */
function column(columns: readonly Output[]): { hasColumn: boolean; keys: ReadonlySet<string> } {
  const found = columns.find(({ name }) => name === DISTRIBUTION_COLUMN);
  return { hasColumn: found !== undefined, keys: found?.keys ?? NONE };
}

function outputs(targets: readonly Node[] | undefined, block: Block): Output[] {
  return (targets ?? []).flatMap((target): Output[] => {
    const { name, val } = as(target, 'ResTarget') ?? {};
    const fields = as(val, 'ColumnRef')?.fields ?? [];
    const last = fields.at(-1);
    if (last === undefined || as(last, 'A_Star') === undefined) {
      const own = name ?? namesOf(fields).at(-1);
      return [{ name: own, keys: val === undefined ? NONE : block.keysOf(val) }];
    }
    const [alias] = namesOf(fields).slice(-1);
    const relations = block.relations.filter(
      (each) => each.hasColumn && (alias ?? each.alias) === each.alias,
    );
    return relations.map(({ keys }) => ({ name: DISTRIBUTION_COLUMN, keys }));
  });
}
