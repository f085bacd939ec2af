import type { OperationId, operationTable } from '@greenroom/contract';

import type { TestServer } from '../harness/test-server.ts';

type Table = typeof operationTable;
export type PublicOperationId = {
  [Id in keyof Table]: Table[Id]['internal'] extends true ? never : Id;
}[keyof Table];
export type WorkerOperationId = Exclude<OperationId, PublicOperationId>;
type StatusOf<Id extends keyof Table> = keyof Table[Id]['responses'];

/** The servers and keys that a case can use. */
export interface Fixture {
  server: TestServer;
  /** Same database; has no capacity for requests. */
  full: TestServer;
  /** Same database; times out bodies after 100 ms. */
  impatient: TestServer;
  /** A database whose tables were dropped after its keys were cached. */
  broken: TestServer;
  /** Same database; limits an address without a usable key to one request a second. */
  strict: TestServer;
  /** Keys of an organisation that may make one request a second. */
  slow: { test: string };
  /** Keys of an organisation without credits. */
  withoutCredits: { live: string };
}

/** Sends a request that gets the status of the case. */
export type Case = (fixture: Fixture) => Promise<Response>;

/** A case for every status that the document declares for an operation. A missing status does not compile. */
export type Cases = { [Id in OperationId]: Record<StatusOf<Id>, Case> };

/** Sends requests without a key until the address is rate-limited. */
export function tooMuchWithoutKey(path: string, method: 'GET' | 'POST'): Case {
  return async ({ strict }) => {
    for (let count = 0; count < 20; count += 1) {
      const response = await strict.request(path, { method, key: null });
      if (response.status === 429) return response;
    }
    throw new Error('was never limited');
  };
}
