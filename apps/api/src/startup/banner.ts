import { DOCS_PATH } from '../docs-site/docs-site.ts';
import { linkTo } from '../document/link.ts';
import type { DevKeys } from './dev-org.ts';

/** The contents of the banner, in addition to the address. */
export interface BannerOptions {
  /** Null without the organisation `dev`. */
  keys: DevKeys | null;
  /** The file with the keys. */
  devFile: string;
  hasDocs: boolean;
  /** The command that replaces the processes one after another; null where there is only this one. */
  restart: string | null;
}

/** Prints the server's address and a command to try. */
export function printBanner(url: string, { keys, devFile, hasDocs, restart }: BannerOptions): void {
  const lines = [`Greenroom listens on ${url}`, `  document   ${url}/openapi.json`];
  if (hasDocs) lines.splice(1, 0, `  docs       ${url}${DOCS_PATH}`);
  if (restart !== null) lines.push(`  restart    ${restart}`);
  if (keys !== null) {
    lines.push(
      `  test key   ${keys.test_key}`,
      `  live key   in ${devFile}`,
      '',
      'Try it:',
      `  curl ${url}${linkTo('sessions.list', {})} -H 'Authorization: Bearer ${keys.test_key}'`,
    );
  }
  lines.push('', 'Ctrl-C stops it and everything that it started.');
  console.log(`\n${lines.join('\n')}\n`);
}
