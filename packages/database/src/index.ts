export {
  isDatabaseUnavailable,
  isDeadlock,
  isOutOfSpace,
  outcomeOfUnavailability,
  violatesUniqueIndex,
  type WriteOutcome,
} from './availability.ts';
export {
  afterTransaction,
  openDatabase,
  openPool,
  type Database,
  type DatabasePool,
  type PoolOptions,
  type Transaction,
} from './database.ts';
export { distribute } from './distribution/distribute.ts';
export { DISTRIBUTION_COLUMN, TABLES, type Distribution } from './distribution/tables.ts';
export {
  openEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './embedded/open.ts';
export { Prisma } from './generated/prisma/client.ts';
export type * from './generated/prisma/client.ts';
export { migrate } from './migrate.ts';
export { subscribe, type Subscription, type SubscribeOptions } from './notifications.ts';
export { ensureOrg, ensurePlatform, type OrgSeed } from './seed.ts';
