import { linkTo } from '../document/link.ts';
import type { DevKeys } from './dev-org.ts';
import { DOCS_PATH } from '../docs-site/docs-site.ts';

/** What a person wants to know first, apart from the address. */
export interface BannerOptions {
  /** Null where there is no organisation for development. */
  keys: DevKeys | null;
  /** The file that holds the keys. */
  devFile: string;
  hasDocs: boolean;
}

/** Tells a person where the server is and what to type next. */
export function printBanner(url: string, { keys, devFile, hasDocs }: BannerOptions): void {
  const lines = [`Greenroom listens on ${url}`, `  document   ${url}/openapi.json`];
  if (hasDocs) lines.splice(1, 0, `  docs       ${url}${DOCS_PATH}`);
  if (keys !== null) {
    lines.push(
      `  test key   ${keys.test_key}`,
      `  live key   in ${devFile}`,
      '',
      'Try it:',
      `  curl ${url}${linkTo('sessions.list', {})} -H 'Authorization: Bearer ${keys.test_key}'`,
    );
  }
  lines.push('', 'Ctrl-C stops it, with all that it started.');
  console.log(`\n${lines.join('\n')}\n`);
}
