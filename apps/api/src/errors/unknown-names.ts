import { closestMatch } from 'leven';

import { ApiError } from './api-error.ts';
import { allOf, oneOf } from './message-text.ts';

/** The share of a name's characters that a misspelling may differ in. */
const MAX_DIFFERENCE = 0.4;
/** Longer than any name of the document. The comparison of long names is slow. */
const MAX_LENGTH = 64;
/** A shorter word abbreviates too many names. */
const MIN_SHORTENED = 3;

/**
 * Returns the known name that is closest to a misspelt one; undefined if none is close. `avatarId` means
 * `avatar_id`, `token` means `worker_token`, `livekit_url` means `url`, and `room` means `room_name`, unless ambiguous.
 */
export function closestName(name: string, known: readonly string[]): string | undefined {
  if (name.length > MAX_LENGTH) return undefined;
  const word = snakeCase(name);
  const same = known.find((candidate) => candidate === word);
  if (same !== undefined) return same;
  const maxDistance = Math.floor(word.length * MAX_DIFFERENCE);
  const near = maxDistance === 0 ? undefined : closestMatch(word, known, { maxDistance });
  if (near !== undefined) return near;
  const ending = known.filter(
    (candidate) => candidate.endsWith(`_${word}`) || word.endsWith(`_${candidate}`),
  );
  return onlySimplest(ending) ?? onlySimplest(known.filter((candidate) => isShortened(word, candidate)));
}

/** Returns the name with the fewest words; undefined if several have as few. */
function onlySimplest(names: readonly string[]): string | undefined {
  const words = (name: string) => name.split('_').length;
  const fewest = Math.min(...names.map(words));
  const simplest = names.filter((name) => words(name) === fewest);
  return simplest.length === 1 ? simplest[0] : undefined;
}

/** Whether a word abbreviates a longer one: the first letter and others in order, like `img` of `image`. */
function isShortened(word: string, longer: string): boolean {
  if (word.length < MIN_SHORTENED || !longer.startsWith(word.charAt(0))) return false;
  let at = 0;
  for (const letter of longer) if (letter === word[at]) at += 1;
  return at === word.length;
}

function snakeCase(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase();
}

/** Returns the error of an unknown field of the object at `path`. */
export function unknownFieldError(path: readonly string[], name: string, known: readonly string[]): ApiError {
  const param = [...path, name].join('.');
  if (name === '') {
    const values = { allowed: oneOf(known) };
    return new ApiError('body.unknown_field', { situation: 'empty', values, param });
  }
  const near = closestName(name, known);
  return near === undefined
    ? new ApiError('body.unknown_field', { situation: 'unknown', values: { allowed: oneOf(known) }, param })
    : new ApiError('body.unknown_field', { situation: 'near', values: { near: `\`${near}\`` }, param });
}

/** Returns the error of an unknown query parameter. */
export function unknownParameterError(name: string, known: readonly string[]): ApiError {
  if (name === '') return new ApiError('parameter.unknown', { situation: 'empty', param: name });
  const array = /^(\w+)\[\w*\]$/.exec(name)?.[1];
  if (array !== undefined && known.includes(array)) {
    const values = { near_name: array };
    return new ApiError('parameter.unknown', { situation: 'array', values, param: name });
  }
  if (known.length === 0) return new ApiError('parameter.unknown', { situation: 'none', param: name });
  const near = closestName(name, known);
  return near === undefined
    ? new ApiError('parameter.unknown', {
        situation: 'unknown',
        values: { allowed: allOf(known) },
        param: name,
      })
    : new ApiError('parameter.unknown', { situation: 'near', values: { near: `\`${near}\`` }, param: name });
}
