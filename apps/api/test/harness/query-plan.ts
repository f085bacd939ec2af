import type { Database } from '@greenroom/database';

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: PlanNode[];
}

/** A step of a plan, with the later steps that process its rows, nearest first. */
export interface Step {
  type: string;
  table: string | undefined;
  index: string | undefined;
  /** The rows that it read, over all loops. */
  rowsRead: number;
  above: string[];
}

/**
 * Returns a database that explains statements. `planOf` returns the plan of the last one, as PostgreSQL uses it for the
 * first calls of a prepared statement (`custom`) or for later ones (`generic`).
 */
export function explaining({ pool }: Database, mode: 'custom' | 'generic') {
  let steps: Step[] = [];
  const query = async ({ text, values }: { text: string; values: unknown[] }) => {
    const client = await pool.connect();
    try {
      await client.query(`SET plan_cache_mode = force_${mode}_plan`);
      // Only a named statement has a generic plan.
      const explained = await client.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>({
        name: `explained-${mode}-${text.length}`,
        text: `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`,
        values,
      });
      const plan = explained.rows[0]?.['QUERY PLAN'][0]?.Plan;
      steps = plan === undefined ? [] : stepsOf(plan, []);
      return { rows: [] };
    } finally {
      await client.query('RESET plan_cache_mode');
      client.release();
    }
  };
  const database = {
    pool: { query },
    query: async (statement: { text: string; values: unknown[] }) => (await query(statement)).rows,
  };
  return { database: database as unknown as Database, planOf: () => steps };
}

function stepsOf(node: PlanNode, above: string[]): Step[] {
  const step: Step = {
    type: node['Node Type'],
    table: node['Relation Name'],
    index: node['Index Name'],
    rowsRead: (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'],
    above,
  };
  return [step, ...(node.Plans ?? []).flatMap((child) => stepsOf(child, [step.type, ...above]))];
}
