/** A block of a page that its reader runs: a program with a name, or lines for a shell. */
export interface Runnable {
  language: string;
  /** The file that the reader saves it as; null for a shell. */
  file: string | null;
  source: string;
}

/** Returns the blocks of a page that are marked `runnable`. */
export function runnablesOf(text: string): Runnable[] {
  return [...text.matchAll(/^```(\w+) runnable(?: (\S+))?\n([^]*?)^```$/gm)].map(
    ([, language = '', file = null, source = '']) => ({ language, file, source }),
  );
}

/** Returns the programs of a page that are marked `checked`: only their syntax is tested, because they need packages. */
export function checkedOf(text: string): Runnable[] {
  return [...text.matchAll(/^```(\w+) checked (\S+)\n([^]*?)^```$/gm)].map(
    ([, language = '', file = '', source = '']) => ({ language, file, source }),
  );
}
