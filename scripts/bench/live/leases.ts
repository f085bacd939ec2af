import type pg from 'pg';

/**
 * Returns the live sessions whose lease ends within a time. A worker renews a lease with each report, so a shorter rest
 * than usual means that a report is late.
 */
export async function leasesEndingWithin(pool: pg.Pool, seconds: number): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    'SELECT id FROM assignments WHERE lease_until < now() + make_interval(secs => $1)',
    [seconds],
  );
  return rows.map(({ id }) => id);
}
