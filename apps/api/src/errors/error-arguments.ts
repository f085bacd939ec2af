import type { ErrorCode, errorTable } from '@greenroom/contract';

/** The arguments of an error: a code of the document's table, and the parameters of its message's template. */
export type ErrorArguments = {
  [Code in ErrorCode]: {
    [Situation in keyof Messages<Code>]: Arguments<Code, Options<Messages<Code>, Situation>>;
  }[keyof Messages<Code>];
}[ErrorCode];

/** The options of any error. */
export interface AnyOptions {
  /** Selects one of the code's messages if there are several. */
  situation?: string;
  /** Dot path of the offending field or parameter, which the message may name. */
  param?: string | null;
  /** The other parameters of the template. They reach the caller. */
  values?: Record<string, string | number>;
  headers?: Record<string, string>;
  /** The underlying error, for the log only. */
  cause?: unknown;
}

type Messages<Code extends ErrorCode> = (typeof errorTable)[Code]['messages'];

/** Options without a required member may be omitted. */
type Arguments<Code, Given> =
  Partial<Given> extends Given ? [code: Code, options?: Given] : [code: Code, options: Given];

type Options<All, Situation extends keyof All> = Pick<AnyOptions, 'headers' | 'cause'> &
  SituationOption<WithSamePlaceholders<All, Placeholder<All[Situation]>>> &
  ParamOption<Placeholder<All[Situation]>> &
  ValuesOption<Exclude<Placeholder<All[Situation]>, 'param'>>;

type SituationOption<Names> = 'default' extends Names ? { situation?: Names } : { situation: Names };

type ParamOption<Names> = 'param' extends Names ? { param: string } : { param?: string | null };

type ValuesOption<Names extends string> = [Names] extends [never]
  ? { values?: Record<string, never> }
  : { values: Record<Names, string | number> };

/** The situations with the same placeholders, of which one may be selected at run time. */
type WithSamePlaceholders<All, Names> = {
  [Situation in keyof All]: [Names, Placeholder<All[Situation]>] extends [Placeholder<All[Situation]>, Names]
    ? Situation
    : never;
}[keyof All];

/** The names in braces in a template. */
type Placeholder<Template> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholder<Rest>
  : never;
