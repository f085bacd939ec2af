import { expect, test } from '@jest/globals';

import { migrate } from './migrate.ts';
import { query } from './testing/query.ts';
import { createTestDatabase } from './testing/test-database.ts';

test('ids sort by bytes in a database with another default collation', async () => {
  const database = await createTestDatabase({ icuLocale: 'en-US' });
  await migrate(database.url);
  await query(
    database.url,
    `INSERT INTO avatars (org_id, id, name, status, runtime_type)
     SELECT 'platform', id, id, 'ready', 'livekit' FROM unnest(ARRAY['av_a', 'av_B', 'av_Z', 'av_0', 'av__']) AS id`,
  );
  const ordered = (column: string): Promise<{ ids: string[] }[]> =>
    query(database.url, `SELECT array_agg(id ORDER BY ${column}) AS ids FROM avatars`);
  expect(await ordered('id')).toEqual([{ ids: ['av_0', 'av_B', 'av_Z', 'av__', 'av_a'] }]);
  // Shows that the default collation of this database sorts differently.
  expect(await ordered('name')).toEqual([{ ids: ['av__', 'av_0', 'av_a', 'av_B', 'av_Z'] }]);
  await database.drop();
});
