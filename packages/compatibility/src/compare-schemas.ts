import {
  resolve,
  valuesOf,
  type OpenApiDocument,
  type Referable,
  type Schema,
} from '@greenroom/contract/document';

import type { Change, Direction } from './change.ts';
import { compareLimits } from './compare-limits.ts';
import { compareNames } from './compare-names.ts';

type Compare = (
  before: Referable<Schema>,
  after: Referable<Schema>,
  subject: string,
  direction: Direction,
) => Change[];

/**
 * Compares the schemas of a value. A named schema is compared once for each direction, and changes name it instead of the
 * locations that use it.
 *
 * A new field or value in a response is an addition. Within a schema marked `x-exact` it is breaking, because some
 * clients reject unknown ones there.
 */
export function schemaComparison(old: OpenApiDocument, current: OpenApiDocument): Compare {
  const seen = new Set<string>();
  return (before, after, subject, direction) => compare(before, after, { subject, direction, exact: false });

  interface Location {
    subject: string;
    direction: Direction;
    exact: boolean;
  }

  function compare(before: Referable<Schema>, after: Referable<Schema>, at: Location): Change[] {
    const name = nameOf(before);
    const [a, b] = [resolve(old, before), resolve(current, after)];
    const location: Location = { ...at, exact: at.exact || b['x-exact'] === true };
    if (name === undefined || name !== nameOf(after)) return compareResolved(a, b, location);
    const visit = `${name} ${location.direction} ${String(location.exact)}`;
    if (seen.has(visit)) return [];
    seen.add(visit);
    return compareResolved(a, b, { ...location, subject: name });
  }

  function compareResolved(a: Schema, b: Schema, at: Location): Change[] {
    return [
      ...deprecation(a, b, at),
      ...types(a, b, at),
      ...values(a, b, at),
      ...compareLimits(a, b, at.subject, at.direction),
      ...properties(a, b, at),
      ...part(a, b, 'items', { ...at, subject: `${at.subject}[]` }),
      ...part(a, b, 'additionalProperties', { ...at, subject: `${at.subject}.*` }),
      ...variants(a, b, at),
    ];
  }

  function deprecation(a: Schema, b: Schema, { subject }: Location): Change[] {
    if (a.deprecated === true || b.deprecated !== true) return [];
    return [{ kind: 'deprecation', subject, what: 'is deprecated' }];
  }

  function types(a: Schema, b: Schema, { subject, direction }: Location): Change[] {
    const { added, removed } = compareNames(typesOf(a), typesOf(b));
    if (added.length === 0 && removed.length === 0) return [];
    // Clients must understand each type of a response, and the server must accept each type of a request.
    const breaking = direction === 'request' ? removed.length > 0 : added.length > 0;
    const what = `changed type from ${typesOf(a).join(' or ')} to ${typesOf(b).join(' or ')}`;
    return [{ kind: breaking ? 'breaking' : 'change', subject, what }];
  }

  function values(a: Schema, b: Schema, at: Location): Change[] {
    const { subject, direction } = at;
    const closed = b.enum !== undefined;
    if ((a.enum !== undefined) !== closed) {
      const breaking = (direction === 'request') === closed;
      const what = closed ? 'now has a fixed set of values' : 'no longer has a fixed set of values';
      return [{ kind: breaking ? 'breaking' : 'change', subject, what }];
    }
    const [old, current] = [a, b].map((schema) => (valuesOf(schema) ?? []).map(String));
    const { added, removed } = compareNames(old ?? [], current ?? []);
    return [...fewer(removed, 'value', at), ...more(added, 'value', at)];
  }

  function properties(a: Schema, b: Schema, at: Location): Change[] {
    const { added, removed, kept } = compareNames(
      Object.keys(a.properties ?? {}),
      Object.keys(b.properties ?? {}),
    );
    const isRequired = (schema: Schema, name: string) => schema.required?.includes(name) === true;
    const field = (name: string) => ({ ...at, subject: `${at.subject}.${name}` });
    return [
      // The server rejects unknown fields, so a removed one breaks senders as much as readers.
      ...removed.map((name): Change => ({
        kind: 'breaking',
        subject: field(name).subject,
        what: 'was removed',
      })),
      ...added.map((name): Change => {
        const required = at.direction === 'request' && isRequired(b, name);
        const breaking = required || (at.direction === 'response' && at.exact);
        const what = required ? 'was added and is required' : 'was added';
        return { kind: breaking ? 'breaking' : 'addition', subject: field(name).subject, what };
      }),
      ...kept.flatMap((name) => [
        ...requirement(isRequired(a, name), isRequired(b, name), field(name)),
        ...compare(a.properties?.[name] ?? {}, b.properties?.[name] ?? {}, field(name)),
      ]),
    ];
  }

  function requirement(before: boolean, after: boolean, { subject, direction }: Location): Change[] {
    if (before === after) return [];
    const breaking = direction === 'request' ? after : before;
    return [
      {
        kind: breaking ? 'breaking' : 'change',
        subject,
        what: after ? 'is now required' : 'is no longer required',
      },
    ];
  }

  function part(a: Schema, b: Schema, keyword: 'items' | 'additionalProperties', at: Location): Change[] {
    const [before = true, after = true] = [a[keyword], b[keyword]] as (
      Referable<Schema> | boolean | undefined
    )[];
    if (typeof before === 'object' && typeof after === 'object') return compare(before, after, at);
    if (before === after) return [];
    const restricts = before === true || after === false;
    const what = restricts ? 'is now restricted' : 'is no longer restricted';
    return [
      { kind: restricts && at.direction === 'request' ? 'breaking' : 'change', subject: at.subject, what },
    ];
  }

  function variants(a: Schema, b: Schema, at: Location): Change[] {
    return (['oneOf', 'anyOf', 'allOf'] as const).flatMap((keyword) => {
      const [before, after] = [byName(old, a[keyword]), byName(current, b[keyword])];
      const { added, removed, kept } = compareNames(before.keys(), after.keys());
      return [
        ...fewer(removed, 'variant', at),
        ...more(added, 'variant', at),
        ...kept.flatMap((name) => compare(before.get(name) ?? {}, after.get(name) ?? {}, at)),
      ];
    });
  }

  function fewer(names: string[], noun: string, { subject, direction }: Location): Change[] {
    const kind = direction === 'request' ? 'breaking' : 'change';
    return names.map((name) => ({ kind, subject, what: `lost the ${noun} \`${name}\`` }));
  }

  function more(names: string[], noun: string, { subject, direction, exact }: Location): Change[] {
    const kind = direction === 'response' && exact ? 'breaking' : 'addition';
    return names.map((name) => ({ kind, subject, what: `gained the ${noun} \`${name}\`` }));
  }
}

function nameOf(schema: Referable<Schema>): string | undefined {
  return '$ref' in schema ? String(schema.$ref).split('/').at(-1) : undefined;
}

function typesOf({ type }: Schema): string[] {
  return type === undefined ? ['any'] : [type].flat();
}

/** Returns variants by their name, their title, or else their position. */
function byName(
  document: OpenApiDocument,
  variants: Referable<Schema>[] = [],
): Map<string, Referable<Schema>> {
  return new Map(
    variants.map((variant, index) => {
      const title = resolve(document, variant)['title'];
      return [nameOf(variant) ?? (typeof title === 'string' ? title : `#${index + 1}`), variant];
    }),
  );
}
