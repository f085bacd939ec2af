export {
  isDatabaseUnavailable,
  isDivisionByZero,
  isLockConflict,
  isOutOfSpace,
  outcomeOfUnavailability,
  violatesUniqueIndex,
  type WriteOutcome,
} from './availability.ts';
export {
  openDatabase,
  openPool,
  type Database,
  type DatabaseOptions,
  type DatabasePool,
  type PoolOptions,
} from './database.ts';
export { distribute } from './distribution/distribute.ts';
export { DISTRIBUTION_COLUMN, TABLES, type Distribution } from './distribution/tables.ts';
export { hasCluster } from './embedded/cluster.ts';
export {
  openEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './embedded/open.ts';
export { Prisma, type Org, type Plan, type WorkerKey } from './generated/prisma/client.ts';
export {
  narrow,
  type ApiKey,
  type Assignment,
  type Avatar,
  type Session,
  type SessionEvent,
  type UsageEvent,
  type Worker,
} from './rows.ts';
export { finishUpgrade, isUpgrading } from './finish-upgrade.ts';
export { inspectMigrations, migrate } from './migrate.ts';
export { newerMessage } from './migration-history.ts';
export { subscribe, type Subscription, type SubscribeOptions } from './notifications.ts';
export type { TraceStatement } from './trace-statements.ts';
export { afterTransaction, type Queries, type Statement, type Transaction } from './transaction.ts';
export { ensureOrg, ensurePlatform, type OrgSeed } from './seed.ts';
export { readStockPicture, stockPicturesDir } from './stock-pictures.ts';
