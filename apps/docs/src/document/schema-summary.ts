import { resolve, valuesOf, type OpenApiDocument, type Schema } from '@greenroom/contract/document';

/** Longer lists of values go to a separate page or under the field. */
const MAX_VALUES = 12;

/** Returns the type of a value in a few words. */
export function schemaType(document: OpenApiDocument, schema: Schema): string {
  if (schema.items !== undefined) {
    const items = resolve<Schema>(document, schema.items);
    return `array of ${plural(schemaType(document, items))}`;
  }
  const types = [schema.type ?? []].flat();
  if (types.length === 0 && schema.enum !== undefined) types.push(typeof schema.enum[0]);
  if (types.length === 0 && (schema.oneOf ?? schema.anyOf) !== undefined) {
    return (schema.oneOf ?? schema.anyOf ?? [])
      .map((variant) => schemaType(document, resolve<Schema>(document, variant)))
      .filter((word, index, all) => all.indexOf(word) === index)
      .join(' or ');
  }
  return types.join(' or ') || 'any value';
}

/** A longer example or pattern takes more space than it explains. */
const MAX_EXAMPLE = 40;
const MAX_PATTERN = 40;

/** Returns short phrases with the bounds and the default of a value, or of the items of an array. */
export function schemaNotes(document: OpenApiDocument, schema: Schema): string[] {
  const { format, minimum, maximum, minLength, maxLength, minItems, maxItems } = schema;
  const items = schema.items === undefined ? undefined : resolve<Schema>(document, schema.items);
  const words = [
    ...values(schema),
    ...(items === undefined ? [] : values(items)),
    ...(format === undefined || /^(?:int\d+|double)$/.test(format) ? [] : [format]),
    range(minimum, maximum, ''),
    range(minLength, maxLength, 'characters'),
    range(minItems, maxItems, 'items'),
    ...(valuesOf(schema) === undefined ? form(schema) : []),
  ];
  const fallback = schema.default;
  if (fallback !== undefined) words.push(`default \`${JSON.stringify(fallback).replaceAll(/^"|"$/g, '')}\``);
  return words.filter((word) => word !== null);
}

/** Returns an example of a string with a pattern; the pattern itself where there is no short example. */
function form({ pattern, examples }: Schema): string[] {
  if (pattern === undefined) return [];
  const example = examples?.find(
    (value): value is string => typeof value === 'string' && value.length <= MAX_EXAMPLE,
  );
  if (example !== undefined) return [`such as \`${example}\``];
  return pattern.length <= MAX_PATTERN ? [`matches \`${pattern}\``] : [];
}

function values(schema: Schema): string[] {
  if (schema.const !== undefined) {
    return schema.description?.startsWith('Always') === true ? [] : [`always \`${String(schema.const)}\``];
  }
  const known = valuesOf(schema);
  if (known === undefined || known.length > MAX_VALUES) return [];
  const open = schema.enum === undefined ? ['more values may be added'] : [];
  return [`one of ${known.map((value) => `\`${String(value)}\``).join(' ')}`, ...open];
}

function range(low: number | undefined, high: number | undefined, unit: string): string | null {
  const words = unit === '' ? '' : ` ${unit}`;
  if (low !== undefined && low === high) return `${String(low)}${words}`;
  if (low !== undefined && high !== undefined) return `${String(low)} to ${String(high)}${words}`;
  if (high !== undefined) return `at most ${String(high)}${words}`;
  return low === undefined ? null : `at least ${String(low)}${words}`;
}

function plural(type: string): string {
  return /^\w+$/.test(type) ? `${type}s` : type;
}
