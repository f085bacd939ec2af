import { closestMatch } from 'leven';

import { SETTING_NAMES } from './names.ts';

const PREFIX = 'GREENROOM_';
/** Variables of the documentation's samples and of the repository's tests. */
const OTHER_VARIABLES = /^GREENROOM_(?:URL|API_KEY|TEST_.*|WITHOUT_.*)$/;
/** The share of a name's characters that a misspelling may differ in. */
const MAX_DIFFERENCE = 0.4;
/** Longer than any name, because comparing long names is slow. */
const MAX_LENGTH = 64;

/** Returns a sentence for each variable that looks like a setting but is not one. */
export function unknownSettings(env: NodeJS.ProcessEnv): string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !OTHER_VARIABLES.test(name) && !SETTING_NAMES.includes(name))
    .map((name) => {
      const near = closestSetting(name);
      const hint = near === undefined ? '' : ` Did you mean ${near}?`;
      return `${name.slice(0, MAX_LENGTH)} is not a setting and has no effect.${hint}`;
    });
}

function closestSetting(name: string): string | undefined {
  if (name.length > MAX_LENGTH) return undefined;
  const word = name.slice(PREFIX.length);
  const words = SETTING_NAMES.map((known) => known.slice(PREFIX.length));
  const near = closestMatch(word, words, { maxDistance: Math.floor(word.length * MAX_DIFFERENCE) });
  return near === undefined ? undefined : PREFIX + near;
}
