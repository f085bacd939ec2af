import type { Database } from '@greenroom/database';

/** Returns the tables with a row that contains a text, as text, bytes, hexadecimal or base64. */
export async function tablesHolding({ pool }: Database, text: string): Promise<string[]> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
      WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
  );
  if (tables.length < 10) throw new Error('The database has fewer tables than expected');
  const bytes = Buffer.from(text);
  const forms = [text, bytes.toString('hex'), bytes.toString('base64').replace(/.{0,2}={0,2}$/, '')];
  const holding = await Promise.all(
    tables.map(async ({ name }) => {
      const found = await pool.query(
        `SELECT FROM ${name} AS t WHERE strpos(t::text, $1) > 0 OR strpos(t::text, $2) > 0 OR strpos(t::text, $3) > 0 LIMIT 1`,
        forms,
      );
      return found.rowCount === 0 ? [] : [name];
    }),
  );
  return holding.flat();
}
