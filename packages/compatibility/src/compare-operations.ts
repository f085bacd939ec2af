import {
  resolve,
  type MediaType,
  type OpenApiDocument,
  type Operation,
  type Parameter,
  type RequestBody,
  type Response,
} from '@greenroom/contract/document';

import type { Change, ChangeKind, Direction } from './change.ts';
import { compareNames } from './compare-names.ts';
import { schemaComparison } from './compare-schemas.ts';

type CompareOperations = (before: Operation, after: Operation) => Change[];

/** Returns a function that compares an operation that both documents have. */
export function operationComparison(old: OpenApiDocument, current: OpenApiDocument): CompareOperations {
  const compareSchemas = schemaComparison(old, current);
  return (before, after) => {
    const subject = after.object.operationId;
    const say = (kind: ChangeKind, what: string): Change => ({ kind, subject, what });
    return [...identity(), ...security(), ...parameters(), ...requestBody(), ...responses()];

    function identity(): Change[] {
      const wasCalled = before.object.operationId;
      return [
        ...(wasCalled === subject ? [] : [say('breaking', `is the new name of \`${wasCalled}\``)]),
        ...(after.object.deprecated === true && before.object.deprecated !== true
          ? [say('deprecation', 'is deprecated')]
          : []),
      ];
    }

    function security(): Change[] {
      const { added, removed } = compareNames(scopesOf(before), scopesOf(after));
      return [
        ...added.map((scope) => say('breaking', `needs ${scope}`)),
        ...removed.map((scope) => say('change', `no longer needs ${scope}`)),
      ];
    }

    function parameters(): Change[] {
      const [old, now] = [byName(before.parameters), byName(after.parameters)];
      const { added, removed, kept } = compareNames(old.keys(), now.keys());
      const label = (name: string) =>
        `the ${now.get(name)?.in ?? 'query'} parameter \`${name.split(' ')[1] ?? ''}\``;
      return [
        ...removed.map((name) => say('breaking', `lost the ${name.replace(/ (.*)/, ' parameter `$1`')}`)),
        ...added.map((name) =>
          now.get(name)?.required === true
            ? say('breaking', `requires ${label(name)}`)
            : say('addition', `gained ${label(name)}`),
        ),
        ...kept.flatMap((name) => {
          const [was, is] = [old.get(name), now.get(name)];
          return was && is ? parameter(was, is, label(name)) : [];
        }),
      ];
    }

    function parameter(was: Parameter, is: Parameter, label: string): Change[] {
      const required = is.required === true;
      return [
        ...(required === (was.required === true)
          ? []
          : [
              say(
                required ? 'breaking' : 'change',
                `${required ? 'requires' : 'no longer requires'} ${label}`,
              ),
            ]),
        ...(is.deprecated === true && was.deprecated !== true
          ? [say('deprecation', `has deprecated ${label}`)]
          : []),
        ...compareSchemas(was.schema, is.schema, `${subject} ${is.name}`, 'request'),
      ];
    }

    function requestBody(): Change[] {
      const [was, is] = [bodyOf(old, before), bodyOf(current, after)];
      if (was === null && is === null) return [];
      if (was === null) {
        return [is?.required === true ? say('breaking', 'requires a body') : say('addition', 'takes a body')];
      }
      if (is === null) return [say('breaking', 'no longer takes a body')];
      const required = is.required === true;
      return [
        ...(required === (was.required === true)
          ? []
          : [
              say(
                required ? 'breaking' : 'change',
                `${required ? 'requires' : 'no longer requires'} its body`,
              ),
            ]),
        ...content(was.content, is.content, 'request', 'body'),
      ];
    }

    function responses(): Change[] {
      const { added, removed, kept } = compareNames(
        Object.keys(before.object.responses),
        Object.keys(after.object.responses),
      );
      return [
        ...removed.map((status) =>
          say(isSuccess(status) ? 'breaking' : 'change', `no longer returns ${status}`),
        ),
        ...added.flatMap((status) => [
          say('addition', `may return ${status}`),
          ...errorCodes(status, {}, responseOf(current, after, status)),
        ]),
        ...kept.flatMap((status) => response(status)),
      ];
    }

    function response(status: string): Change[] {
      const [was, is] = [responseOf(old, before, status), responseOf(current, after, status)];
      const headers = compareNames(Object.keys(was.headers ?? {}), Object.keys(is.headers ?? {}));
      return [
        ...headers.removed.map((name) => say('breaking', `no longer sends \`${name}\` with ${status}`)),
        ...headers.added.map((name) => say('addition', `sends \`${name}\` with ${status}`)),
        ...errorCodes(status, was, is),
        ...content(was.content ?? {}, is.content ?? {}, 'response', `${status} response`),
      ];
    }

    /** An error response names the codes it can carry by the keys of its examples. */
    function errorCodes(status: string, was: Partial<Response>, is: Partial<Response>): Change[] {
      if (isSuccess(status)) return [];
      const { added, removed } = compareNames(codesOf(was), codesOf(is));
      return [
        ...added.map((code) => say('addition', `may return ${status} \`${code}\``)),
        ...removed.map((code) => say('change', `no longer returns ${status} \`${code}\``)),
      ];
    }

    function content(
      was: Record<string, MediaType>,
      is: Record<string, MediaType>,
      direction: Direction,
      what: string,
    ): Change[] {
      const { added, removed, kept } = compareNames(Object.keys(was), Object.keys(is));
      return [
        ...removed.map((type) => say('breaking', `no longer has a ${what} of type \`${type}\``)),
        ...added.map((type) => say('addition', `has a ${what} of type \`${type}\``)),
        ...kept.flatMap((type) =>
          compareSchemas(was[type]?.schema ?? {}, is[type]?.schema ?? {}, `${subject} ${what}`, direction),
        ),
      ];
    }
  };
}

const isSuccess = (status: string) => status.startsWith('2');

function scopesOf({ object }: Operation): string[] {
  const schemes = (object.security ?? []).flatMap((requirement) => Object.entries(requirement));
  return schemes.flatMap(([scheme, scopes]) => [
    `\`${scheme}\``,
    ...scopes.map((scope) => `the scope \`${scope}\``),
  ]);
}

function byName(parameters: Parameter[]): Map<string, Parameter> {
  return new Map(parameters.map((parameter) => [`${parameter.in} ${parameter.name}`, parameter]));
}

function bodyOf(document: OpenApiDocument, { object }: Operation): RequestBody | null {
  return object.requestBody ? resolve(document, object.requestBody) : null;
}

function responseOf(document: OpenApiDocument, { object }: Operation, status: string): Partial<Response> {
  const response = object.responses[status];
  return response ? resolve(document, response) : {};
}

function codesOf({ content }: Partial<Response>): string[] {
  return Object.keys(content?.['application/json']?.examples ?? {});
}
