import type { OperationId, operationTable } from '../generated/operation-table.ts';
import type { operations } from '../generated/wire.ts';
import type { Page, PagedList } from '../lists/paged-list.ts';
import type { IdempotentRequestOptions, RequestOptions } from '../options.ts';

type Table = typeof operationTable;

/** The methods of the client that send one request, by resource. */
export type Resources = {
  readonly [Resource in ResourceOf<CalledId>]: {
    readonly [Id in CalledId as VerbOf<Id, Resource>]: Method<Id>;
  };
};

/** An operation that returns one response, as opposed to a stream. */
type CalledId = {
  [Id in OperationId]: Table[Id] extends { readonly stream: true } ? never : Id;
}[OperationId];

/** The method of an operation: takes its path parameters, body and query, if it has them, then options. */
export type Method<Id extends OperationId> = (
  ...args: [...PathArguments<Id>, ...BodyArgument<Id>, ...QueryArgument<Id>, options?: OptionsOf<Id>]
) => ResultOf<Id>;

type ResourceOf<Id extends OperationId> = Id extends `${infer Resource}.${string}` ? Resource : never;

type VerbOf<Id extends OperationId, Resource extends string> = Id extends `${Resource}.${infer Verb}`
  ? Verb
  : never;

type PathArguments<Id extends OperationId> = operations[Id]['parameters'] extends { path: infer Path }
  ? InOrder<Table[Id]['pathParameters'], Path>
  : [];

type InOrder<Names extends readonly unknown[], Path> = Names extends readonly [keyof Path]
  ? [id: Path[Names[0]]]
  : { -readonly [Index in keyof Names]: Path[Names[Index] & keyof Path] };

type BodyArgument<Id extends OperationId> = [RequestBodyOf<Id>] extends [never]
  ? []
  : operations[Id] extends { requestBody: unknown }
    ? [body: ContentOf<RequestBodyOf<Id>>]
    : [body?: ContentOf<RequestBodyOf<Id>>];

type RequestBodyOf<Id extends OperationId> = NonNullable<operations[Id]['requestBody']>;

type QueryArgument<Id extends OperationId> = [QueryOf<Id>] extends [never]
  ? []
  : operations[Id]['parameters'] extends { query: unknown }
    ? [query: Loose<QueryOf<Id>>]
    : [query?: Loose<QueryOf<Id>>];

type QueryOf<Id extends OperationId> = NonNullable<operations[Id]['parameters']['query']>;

/** Allows undefined for each parameter; it is left out of the query. */
type Loose<Query> = {
  readonly [Name in keyof Query]:
    (Query[Name] extends (infer Item)[] | undefined ? readonly Item[] : Query[Name]) | undefined;
};

type OptionsOf<Id extends OperationId> = Table[Id]['idempotencyKey'] extends true
  ? IdempotentRequestOptions
  : RequestOptions;

type ResultOf<Id extends OperationId> = Table[Id]['list'] extends true
  ? ListOf<SuccessOf<Id>>
  : Promise<SuccessOf<Id>>;

type ListOf<OnePage> = OnePage extends Page<infer Item> ? PagedList<Item, OnePage> : never;

/** The body of the successful response; undefined when it has none. */
type SuccessOf<Id extends OperationId> = ContentOf<
  operations[Id]['responses'][Successful<keyof operations[Id]['responses']>]
>;

type Successful<Status> = Status extends number ? (`${Status}` extends `2${string}` ? Status : never) : never;

type ContentOf<Message> = Message extends { content: infer Content } ? Content[keyof Content] : undefined;
