import pg from 'pg';

/** The procedure that a migration leaves in the database while processes of the previous version may run. */
const PROCEDURE = 'finish_upgrade';

/** Resolves with whether the database still serves processes of the previous version. */
export async function isUpgrading(queries: Pick<pg.Pool | pg.Client, 'query'>): Promise<boolean> {
  const { rows } = await queries.query<{ upgrading: boolean }>(
    `SELECT to_regproc('${PROCEDURE}') IS NOT NULL AS upgrading`,
  );
  return rows[0]?.upgrading === true;
}

/**
 * Removes what a migration left for processes of the previous version. None of them may still be running.
 *
 * @throws {Error} when the database cannot be used, or when a lock is not available within ten seconds; in both cases
 * nothing has changed
 */
export async function finishUpgrade(
  url: string,
  { log = () => undefined }: { log?: (message: string) => void } = {},
): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'greenroom-finish-upgrade' });
  await client.connect();
  try {
    if (!(await isUpgrading(client))) {
      log('There is no upgrade to finish.');
      return;
    }
    await client.query(`SET lock_timeout = '10s'`);
    await client.query(`CALL ${PROCEDURE}()`);
    log('The upgrade is finished.');
  } finally {
    await client.end();
  }
}
