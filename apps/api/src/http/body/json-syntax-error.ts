/** The first position at which a text is not valid JSON. */
export interface JsonSyntaxError {
  /** Completes "unexpected". */
  found: string;
  /** From 1. */
  line: number;
  /** In characters, from 1. */
  column: number;
}

/** White space and tokens of RFC 8259. Each matches as much as possible at one position. */
const SPACE = /[ \t\n\r]*/y;
const STRING = /"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/uy;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** The beginning of a number, up to the first invalid character. */
const NUMBER_START = /-?(?:(?:0|[1-9]\d*)(?:\.(?:\d+(?:[eE][+-]?\d*)?)?|[eE][+-]?\d*)?)?/y;
const WORD = /true|false|null/y;

type Expected = 'value' | 'first item' | 'first key' | 'key' | 'colon' | 'next' | 'end';

/**
 * Finds the first position at which a text that JSON.parse rejected is not valid. The messages of JSON.parse differ
 * between versions of Node, often lack the position, and quote the surrounding text, which may contain a secret.
 */
export function findSyntaxError(text: string): JsonSyntaxError {
  const closings: string[] = [];
  let at = 0;
  let expected: Expected = 'value';
  /** Moves past the match of a pattern at this position, and returns its length. */
  const skip = (pattern: RegExp): number => {
    pattern.lastIndex = at;
    const length = pattern.exec(text)?.[0].length ?? 0;
    at += length;
    return length;
  };
  const open = (closing: string, then: Expected): Expected => {
    at += 1;
    closings.push(closing);
    return then;
  };
  const afterValue = (): Expected => (closings.length === 0 ? 'end' : 'next');
  const close = (): Expected => {
    at += 1;
    closings.pop();
    return afterValue();
  };
  /** Moves past a string with its closing quote; false for an incomplete one. */
  const string = (): boolean => {
    skip(STRING);
    if (text[at] !== '"') return false;
    at += 1;
    return true;
  };
  /** Moves past a number; false for none or an incomplete one. */
  const number = (): boolean => {
    const start = at;
    const length = skip(NUMBER_START);
    NUMBER.lastIndex = start;
    return length > 0 && NUMBER.exec(text)?.[0].length === length;
  };
  /** Returns what may follow the token at this position; null for an invalid token. */
  const next = (): Expected | null => {
    const character = text[at];
    switch (expected) {
      case 'first item':
      case 'value':
        if (character === ']' && expected === 'first item') return close();
        if (character === '{') return open('}', 'first key');
        if (character === '[') return open(']', 'first item');
        if (character === '"') return string() ? afterValue() : null;
        return number() || skip(WORD) > 0 ? afterValue() : null;
      case 'first key':
      case 'key':
        if (character === '}' && expected === 'first key') return close();
        return character === '"' && string() ? 'colon' : null;
      case 'colon':
        if (character !== ':') return null;
        at += 1;
        return 'value';
      case 'next':
        if (character === closings.at(-1)) return close();
        if (character !== ',') return null;
        at += 1;
        return closings.at(-1) === '}' ? 'key' : 'value';
      case 'end':
        return null;
    }
  };
  for (let following: Expected | null = expected; following !== null; following = next()) {
    expected = following;
    skip(SPACE);
  }
  return syntaxErrorAt(text, at);
}

function syntaxErrorAt(text: string, at: number): JsonSyntaxError {
  const before = text.slice(0, at);
  const lineStart = before.lastIndexOf('\n') + 1;
  const line = before.split('\n').length;
  return {
    found: describeCharacter(text.codePointAt(at)),
    line,
    column: Array.from(text.slice(lineStart, at)).length + 1,
  };
}

function describeCharacter(codePoint: number | undefined): string {
  if (codePoint === undefined) return 'end';
  const character = String.fromCodePoint(codePoint);
  if (character === '\n' || character === '\r') return 'line break';
  return /[\p{C}\s]/u.test(character)
    ? `character U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`
    : `\`${character}\``;
}
