import { DISTRIBUTION_COLUMN } from '@greenroom/database';
import type { Node } from 'libpg-query';

import { as, namesOf } from './ast.ts';

/** A table, or the result of a subquery, in a block. */
export interface Relation {
  alias: string;
  /** The distributed table; undefined for any other relation. */
  table: string | undefined;
  /** Whether it has the distribution column. */
  hasColumn: boolean;
  /** The parameters (`$1`) and constants (`'x'`) that its distribution column equals. */
  keys: Set<string>;
}

interface Equality {
  sides: [Node, Node] | [Relation, Relation];
  /** The relations whose rows it restricts; all when undefined. */
  restricted: readonly Relation[] | undefined;
}

/** The relations of one SELECT, UPDATE or DELETE, and the equalities that each of its rows satisfies. */
export class Block {
  readonly relations: Relation[] = [];
  readonly #equalities: Equality[] = [];

  readonly #outer: Block | undefined;

  constructor(outer: Block | undefined) {
    this.#outer = outer;
  }

  add({ keys, ...relation }: Omit<Relation, 'keys'> & { keys: ReadonlySet<string> }): Relation {
    const added = { ...relation, keys: new Set(keys) };
    this.relations.push(added);
    return added;
  }

  /** Adds the equalities of a condition that must be true. */
  require(condition: Node | undefined, restricted?: readonly Relation[]): void {
    const both = as(condition, 'BoolExpr');
    if (both?.boolop === 'AND_EXPR') for (const each of both.args ?? []) this.require(each, restricted);
    const { kind, name, lexpr, rexpr } = as(condition, 'A_Expr') ?? {};
    if (lexpr === undefined || rexpr === undefined || namesOf(name).at(-1) !== '=') return;
    const [own, other] = [as(lexpr, 'RowExpr')?.args, as(rexpr, 'RowExpr')?.args];
    const [only, ...more] = as(rexpr, 'List')?.items ?? [];
    if (kind === 'AEXPR_IN' && only !== undefined && more.length === 0) {
      this.#equalities.push({ sides: [lexpr, only], restricted });
    } else if (kind === 'AEXPR_OP' && own !== undefined && other !== undefined) {
      for (const [index, left] of own.entries()) {
        const right = other[index];
        if (right !== undefined) this.#equalities.push({ sides: [left, right], restricted });
      }
    } else if (kind === 'AEXPR_OP') {
      this.#equalities.push({ sides: [lexpr, rexpr], restricted });
    }
  }

  /** Adds the equality of a join USING the distribution column. */
  requireSame(left: readonly Relation[], right: readonly Relation[], restricted: readonly Relation[]): void {
    const [one, other] = [left, right].map((side) => side.find(({ hasColumn }) => hasColumn));
    if (one !== undefined && other !== undefined) this.#equalities.push({ sides: [one, other], restricted });
  }

  /** Propagates keys along the equalities until nothing changes. */
  resolve(): void {
    let changed = true;
    while (changed) {
      changed = false;
      for (const { sides, restricted } of this.#equalities) {
        for (const [to, from] of [sides, [sides[1], sides[0]]]) {
          const relation = to === undefined ? undefined : this.#relationOf(to);
          if (relation === undefined || from === undefined || !this.relations.includes(relation)) continue;
          if (restricted?.includes(relation) === false) continue;
          for (const key of 'keys' in from ? from.keys : this.keysOf(from)) {
            changed ||= !relation.keys.has(key);
            relation.keys.add(key);
          }
        }
      }
    }
  }

  /** Returns the keys that an expression equals: its own if it is a parameter or a constant, or those of its column. */
  keysOf(expression: Node): ReadonlySet<string> {
    const inner = as(expression, 'TypeCast')?.arg ?? as(expression, 'CollateClause')?.arg;
    if (inner !== undefined) return this.keysOf(inner);
    const parameter = as(expression, 'ParamRef')?.number;
    if (parameter !== undefined) return new Set([`$${parameter}`]);
    const constant = as(expression, 'A_Const')?.sval?.sval;
    if (constant !== undefined) return new Set([`'${constant}'`]);
    return this.#relationOf(expression)?.keys ?? new Set();
  }

  /** Returns the relation whose distribution column an expression is. */
  #relationOf(expression: Node | Relation): Relation | undefined {
    if ('keys' in expression) return expression;
    const names = namesOf(as(expression, 'ColumnRef')?.fields);
    if (names.at(-1) !== DISTRIBUTION_COLUMN) return undefined;
    const alias = names.at(-2);
    const found = this.relations.find((each) => each.hasColumn && (alias ?? each.alias) === each.alias);
    if (found !== undefined || this.#outer === undefined) return found;
    return this.#outer.#relationOf(expression);
  }
}
