import type { OperationId, operations, operationTable, validatedOperations } from '@greenroom/contract';

import type { CustomerIdentity, WorkerIdentity } from './identity.ts';

/**
 * The server's obligations, derived from the document: `Handlers` has one entry for each operationId and no
 * other, takes what the operation takes and returns one of its 2xx answers. Refusals are thrown.
 */
export type Handlers = {
  [Resource in ResourceOf<OperationId>]: {
    [Verb in VerbOf<Resource, OperationId>]: Handler<OperationOf<Resource, Verb>>;
  };
};

export type Handler<Id extends OperationId> = (request: OperationRequest<Id>) => Promise<Reply<Id>>;

/** A request as it is after the document was enforced on it: typed, coerced, defaults applied. */
export interface OperationRequest<Id extends OperationId> {
  readonly id: string;
  readonly identity: IdentityFor<Id>;
  readonly path: Defined<ParametersOf<Id, 'path'>>;
  readonly query: Defaulted<Id, Defined<ParametersOf<Id, 'query'>>>;
  readonly header: (name: string) => string | undefined;
  readonly body: BodyOf<Id>;
  /** Aborted when the caller has gone. */
  readonly signal: AbortSignal;
  /** Waits for something to happen, without being counted as work that the process has in hand. */
  readonly idle: <T>(wait: () => Promise<T>) => Promise<T>;
  /** Waits for something other than the database, while other requests of the caller have its turn there. */
  readonly withoutDatabase: <T>(wait: () => Promise<T>) => Promise<T>;
}

export type Reply<Id extends OperationId> = {
  [Status in SuccessStatus<Id>]: { status: Status; headers?: Record<string, string> } & ReplyBody<
    operations[Id]['responses'][Status]
  >;
}[SuccessStatus<Id>];

/** `sessions.list` belongs to the resource `sessions` … */
type ResourceOf<Id extends string> = Id extends `${infer Resource}.${string}` ? Resource : never;
/** … and is its verb `list`. */
type VerbOf<Resource extends string, Id extends string> = Id extends `${Resource}.${infer Verb}`
  ? Verb
  : never;
type OperationOf<Resource extends string, Verb extends string> = `${Resource}.${Verb}` & OperationId;

type SuccessStatus<Id extends OperationId> = Successful<keyof operations[Id]['responses']>;
type Successful<Status> = Status extends number ? (`${Status}` extends `2${string}` ? Status : never) : never;

/** JSON is returned as what it says, anything else as its bytes. */
type ReplyBody<Response> = Response extends { content: { 'application/json': infer Body } }
  ? { body: Body }
  : Response extends { content: object }
    ? { body: Uint8Array }
    : { body?: never };

type ParametersOf<Id extends OperationId, Place extends 'path' | 'query'> = validatedOperations[Id] extends {
  parameters: infer Parameters;
}
  ? Place extends keyof Parameters
    ? Parameters[Place]
    : never
  : never;

/** An operation without parameters of a kind has an empty object of them. */
type Defined<Parameters> = [NonNullable<Parameters>] extends [never] ? object : NonNullable<Parameters>;

/** A parameter with a default is always there once the request was validated. */
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

type BodyOf<Id extends OperationId> = validatedOperations[Id] extends {
  requestBody: { content: infer Content };
}
  ? Content[keyof Content]
  : undefined;

/** Who has been let in, by the operation's security requirement. */
type IdentityFor<Id extends OperationId> =
  SecurityOf<Id> extends readonly []
    ? undefined
    : SecurityOf<Id> extends readonly [{ customerKey: unknown }]
      ? CustomerIdentity
      : WorkerIdentity;

type SecurityOf<Id extends OperationId> = (typeof operationTable)[Id]['security'];
