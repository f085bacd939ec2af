import type { Database } from '@greenroom/database';

import type { LoadRequest } from './load.ts';
import type { Organisation } from './organisations.ts';
import type { Aims } from './report.ts';
import type { CreatedSession } from './sessions.ts';

/** Connections of each server's pool. */
export const POOL_SIZE = 16;
/** Sessions of a page. */
export const LIMIT = 20;

/** Returns the requests of a turn. */
export type Requests = (count: number) => Promise<LoadRequest[]>;

export interface ScenarioContext {
  database: Database;
  databaseUrl: string;
  organisations: readonly Organisation[];
  /** A running server, to prepare the database over HTTP. */
  apiUrl: string;
  workerKey: string;
  /** Creates queued sessions with the server's statements. */
  createSessions: (count: number) => Promise<CreatedSession[]>;
  signal: AbortSignal;
}

/** An operation to measure. */
export interface Scenario {
  title: string;
  aims: Aims;
  organisations: number;
  /** Connections of the load. */
  connections: number;
  requestsPerTurn: number;
  /** Whether the responses of all servers are equal. Others differ in ids and times. */
  isRead: boolean;
  /** Prepares the database. Resolves with the function that prepares a turn. */
  prepare: (context: ScenarioContext) => Promise<Requests>;
}
