import type { components } from './generated/wire.ts';

export { createGreenroom, type Greenroom } from './create-greenroom.ts';
export {
  GreenroomConnectionError,
  GreenroomError,
  GreenroomSessionOverError,
  GreenroomTimeoutError,
  type GreenroomErrorDetails,
} from './errors/greenroom-errors.ts';
export { terminalStatuses } from './generated/terminal-statuses.ts';
export type { OperationId } from './generated/operation-table.ts';
export type { Page, PagedList } from './lists/paged-list.ts';
export type { EventStreamOptions, StreamEvents } from './methods/event-stream.ts';
export type { Method } from './methods/method-types.ts';
export type { WaitFor, WaitForOptions } from './methods/wait-for.ts';
export type { GreenroomOptions, IdempotentRequestOptions, RequestOptions } from './options.ts';

/** The schemas of the document by name: `Schemas['Session']`, `Schemas['Avatar']`, … */
export type Schemas = components['schemas'];
