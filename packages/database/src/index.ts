export {
  isDatabaseUnavailable,
  isOutOfSpace,
  outcomeOfUnavailability,
  type Outcome,
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
export {
  openEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './embedded/open.ts';
export { Prisma } from './generated/prisma/client.ts';
export type * from './generated/prisma/client.ts';
export { migrate } from './migrate.ts';
export { listen, type Listener, type ListenOptions } from './notifications.ts';
export { seedOrg, seedPlatform, type OrgSeed } from './seed.ts';
