import { operationTable } from './generated/operation-table.ts';
import { createCall } from './http/create-call.ts';
import { createSender } from './http/send-request.ts';
import { bindOperations } from './methods/bind-operations.ts';
import { createEventStream, type StreamEvents } from './methods/event-stream.ts';
import type { Resources } from './methods/method-types.ts';
import { createWaitFor, type WaitFor } from './methods/wait-for.ts';
import type { GreenroomOptions } from './options.ts';
import { readSettings } from './settings.ts';

/** A client of the Greenroom API. Each operation is a method `greenroom.<resource>.<verb>`. */
export type Greenroom = Resources & {
  readonly sessions: { readonly waitFor: WaitFor };
  readonly events: { readonly stream: StreamEvents };
};

/**
 * Creates a client. Sends nothing until one of its methods is called.
 *
 * @throws {TypeError} when an option is invalid
 */
export function createGreenroom(options: GreenroomOptions): Greenroom {
  const settings = readSettings(options);
  const send = createSender(settings);
  const call = createCall(settings, send);
  // `Resources` describes the methods of the same table.
  const resources = bindOperations(operationTable, call) as Resources;
  const stream = createEventStream(operationTable['events.stream'], send);
  return {
    ...resources,
    sessions: { ...resources.sessions, waitFor: createWaitFor(resources.sessions.get, stream) },
    events: { ...resources.events, stream },
  };
}
