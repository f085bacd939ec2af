import { linkTo } from '../document/link.ts';
import { DOCS_PATH } from '../static-site/docs-site.ts';
import type { DevKeys } from './dev-org.ts';

/** The contents of the banner, in addition to the address. */
export interface BannerOptions {
  /** Null without the organisation `dev`. */
  keys: DevKeys | null;
  /** The file with the keys. */
  devFile: string;
  hasDocs: boolean;
  /** The address of the console, with a code to sign in if there is one; null without a console. */
  consoleUrl: string | null;
  /** The command that replaces the processes one after another; null for a single process. */
  restart: string | null;
}

/** Prints the server's address and a command to try. */
export function printBanner(
  url: string,
  { keys, devFile, hasDocs, consoleUrl, restart }: BannerOptions,
): void {
  const lines = [`Greenroom listens on ${url}`];
  if (consoleUrl !== null) lines.push(`  console    ${consoleUrl}`);
  if (hasDocs) lines.push(`  docs       ${url}${DOCS_PATH}`);
  lines.push(`  document   ${url}/openapi.json`);
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
  lines.push('', 'Ctrl-C stops the server and everything that it started.');
  console.log(`\n${lines.join('\n')}\n`);
}
