import { operationTable } from './generated/operation-table.ts';
import { createCall } from './http/create-call.ts';
import { bindOperations } from './methods/bind-operations.ts';
import type { Resources } from './methods/method-types.ts';
import { createWaitFor, type WaitFor } from './methods/wait-for.ts';
import type { GreenroomOptions } from './options.ts';
import { readSettings } from './settings.ts';

/** A client of the Greenroom API: `greenroom.<resource>.<verb>` for each of its operations. */
export type Greenroom = Resources & { readonly sessions: { readonly waitFor: WaitFor } };

/**
 * Makes a client. Nothing is sent until one of its methods is called. Throws a TypeError for options that cannot
 * work, such as a `baseUrl` that is no address.
 */
export function createGreenroom(options: GreenroomOptions): Greenroom {
  const call = createCall(readSettings(options));
  // The loop that makes the methods and the types that describe them read the same table.
  const resources = bindOperations(operationTable, call) as unknown as Resources;
  return {
    ...resources,
    sessions: { ...resources.sessions, waitFor: createWaitFor(resources.sessions.get) },
  };
}
