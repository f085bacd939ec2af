/**
 * How a table is stored on a Citus cluster:
 *
 * - `reference`: whole, on every node. Any statement may join it.
 * - `distributed`: in shards, by `DISTRIBUTION_COLUMN`. Rows of one organisation are on one node, in all of these tables.
 * - `unsharded`: whole, on the coordinator. No statement joins it with a distributed table.
 */
export type Distribution = 'reference' | 'distributed' | 'unsharded';

export const DISTRIBUTION_COLUMN = 'org_id';

/** Every table of the schema. Tables of one distribution are in an order that creates each after those it refers to. */
export const TABLES: Readonly<Record<string, Distribution>> = {
  plans: 'reference',
  orgs: 'reference',
  stock_avatars: 'reference',

  accounts: 'distributed',
  avatars: 'distributed',
  avatar_portraits: 'distributed',
  sessions: 'distributed',
  session_events: 'distributed',
  usage_events: 'distributed',
  usage_totals: 'distributed',
  credit_entries: 'distributed',
  idempotency_records: 'distributed',

  // A request has only the secret to find its key by, so keys are not found by their organisation.
  api_keys: 'unsharded',
  worker_keys: 'unsharded',
  workers: 'unsharded',
  assignments: 'unsharded',
  dispatch_turns: 'unsharded',
  // Few rows, which are listed over all organisations.
  audit_entries: 'unsharded',
};
