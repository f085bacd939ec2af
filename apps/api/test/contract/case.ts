import type { OperationId, operationTable } from '@greenroom/contract';

import type { TestServer } from '../harness/test-server.ts';

type Table = typeof operationTable;
export type PublicOperationId = {
  [Id in keyof Table]: Table[Id]['internal'] extends true ? never : Id;
}[keyof Table];
export type WorkerOperationId = Exclude<OperationId, PublicOperationId>;
type StatusOf<Id extends keyof Table> = keyof Table[Id]['responses'];

/** The servers a case may speak to. */
export interface World {
  server: TestServer;
  /** Same database; takes no request in hand. */
  full: TestServer;
  /** Same database; gives a body 100 ms to arrive. */
  impatient: TestServer;
  /** A database whose tables are gone; its keys were used before that. */
  broken: TestServer;
  /** Same database; lets an address without a usable key send one request a second. */
  strict: TestServer;
  /** Keys of an organisation that may make one request a second. */
  slow: { test: string };
  /** Keys of an organisation without credits. */
  poor: { live: string };
}

/** Makes one request that is answered with the status the case stands under. */
export type Case = (world: World) => Promise<Response>;

/** Every operation with every status that the document declares for it: a gap does not compile. */
export type Cases = { [Id in OperationId]: Record<StatusOf<Id>, Case> };

/** Sends without a key until the address has no request left. */
export function tooMuchWithoutKey(path: string, method: 'GET' | 'POST'): Case {
  return async ({ strict }) => {
    for (let count = 0; count < 20; count += 1) {
      const response = await strict.request(path, { method, key: null });
      if (response.status === 429) return response;
    }
    throw new Error('was never limited');
  };
}
