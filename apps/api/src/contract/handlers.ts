import type { OperationId, operationTable, validatedRequests } from '@greenroom/contract';

import type { CustomerIdentity, WorkerIdentity } from './identity.ts';
import type { OperationResponse } from './responses.ts';

/**
 * The handlers of all operations, derived from the document: one for each operationId and no other, which takes the
 * operation's request and returns one of its 2xx responses. Errors are thrown.
 */
export type Handlers = {
  [Resource in ResourceOf<OperationId>]: {
    [Verb in VerbOf<Resource, OperationId>]: Handler<OperationOf<Resource, Verb>>;
  };
};

export type Handler<Id extends OperationId> = (
  request: OperationRequest<Id>,
) => Promise<OperationResponse<Id>>;

/** A request that the document was enforced on: typed, coerced, defaults applied. */
export interface OperationRequest<Id extends OperationId> extends ValidatedParts<Id> {
  readonly id: string;
  /** The request's span, to continue its trace elsewhere; null when it is not traced. */
  readonly traceparent: string | null;
  readonly header: (name: string) => string | undefined;
  /** Aborts when the client disconnects. */
  readonly signal: AbortSignal;
  /** Waits without counting against the capacity of the process. */
  readonly withoutCapacity: <T>(wait: () => Promise<T>) => Promise<T>;
  /** Waits for something other than the database, which other requests of the caller may use during the wait. */
  readonly withoutDatabase: <T>(wait: () => Promise<T>) => Promise<T>;
}

/** The parts of a request whose types the document gives. */
export interface ValidatedParts<Id extends OperationId> {
  readonly identity: IdentityFor<Id>;
  readonly path: Defined<ParametersOf<Id, 'path'>>;
  readonly query: Defaulted<Id, Defined<ParametersOf<Id, 'query'>>>;
  readonly body: BodyOf<Id>;
}

/** Returns the handler of an operation. */
export function handlerOf<Id extends OperationId>(handlers: Handlers, id: Id): Handler<Id> {
  const [resource = '', verb = ''] = id.split('.');
  const ofResource: Record<string, object | undefined> = handlers;
  const handler = (ofResource[resource] as Record<string, Handler<Id> | undefined> | undefined)?.[verb];
  if (handler === undefined) throw new Error(`${id} has no handler`);
  return handler;
}

/** `sessions.list` belongs to the resource `sessions` … */
type ResourceOf<Id extends string> = Id extends `${infer Resource}.${string}` ? Resource : never;
/** … and is its verb `list`. */
type VerbOf<Resource extends string, Id extends string> = Id extends `${Resource}.${infer Verb}`
  ? Verb
  : never;
type OperationOf<Resource extends string, Verb extends string> = `${Resource}.${Verb}` & OperationId;

type ParametersOf<Id extends OperationId, Location extends 'path' | 'query'> = validatedRequests[Id] extends {
  parameters: infer Parameters;
}
  ? Location extends keyof Parameters
    ? Parameters[Location]
    : never
  : never;

/** An operation without parameters of a kind has an empty object of them. */
type Defined<Parameters> = [NonNullable<Parameters>] extends [never] ? object : NonNullable<Parameters>;

/** A parameter with a default is present after validation. */
type Defaulted<Id extends OperationId, Query> = {
  [Name in keyof Query as HasDefault<Id, Name> extends true ? never : Name]: Query[Name];
} & {
  [Name in keyof Query as HasDefault<Id, Name> extends true ? Name : never]-?: NonNullable<Query[Name]>;
};

type HasDefault<
  Id extends OperationId,
  Name,
> = (typeof operationTable)[Id]['parameters']['query'] extends infer Table
  ? Name extends keyof Table
    ? Table[Name] extends { default: null }
      ? false
      : true
    : false
  : false;

type BodyOf<Id extends OperationId> = validatedRequests[Id] extends {
  requestBody: { content: infer Content };
}
  ? Content[keyof Content]
  : undefined;

/** The caller that the operation's security requirement admits. */
type IdentityFor<Id extends OperationId> =
  SecurityOf<Id> extends readonly []
    ? undefined
    : SecurityOf<Id> extends readonly [{ customerKey: unknown }]
      ? CustomerIdentity
      : WorkerIdentity;

type SecurityOf<Id extends OperationId> = (typeof operationTable)[Id]['security'];
