import { operationTable } from './generated/operation-table.ts';
import { createCall } from './http/create-call.ts';
import { bindOperations } from './methods/bind-operations.ts';
import type { Resources } from './methods/method-types.ts';
import { createWaitFor, type WaitFor } from './methods/wait-for.ts';
import type { GreenroomOptions } from './options.ts';
import { readSettings } from './settings.ts';

/** A client of the Greenroom API. Each operation is a method `greenroom.<resource>.<verb>`. */
export type Greenroom = Resources & { readonly sessions: { readonly waitFor: WaitFor } };

/**
 * Creates a client. Sends nothing until one of its methods is called.
 *
 * @throws {TypeError} when an option is invalid
 */
export function createGreenroom(options: GreenroomOptions): Greenroom {
  const call = createCall(readSettings(options));
  // `Resources` describes the methods of the same table.
  const resources = bindOperations(operationTable, call) as Resources;
  return {
    ...resources,
    sessions: { ...resources.sessions, waitFor: createWaitFor(resources.sessions.get) },
  };
}
