import { linkTo } from './contract/link.ts';
import type { DevKeys } from './dev-org.ts';
import { DOCS_PATH } from './http/docs-site.ts';

/** Tells a person where the server is and what to type next. */
export function printBanner(url: string, keys: DevKeys | null, hasDocs: boolean): void {
  const lines = [`Greenroom listens on ${url}`, `  document   ${url}/openapi.json`];
  if (hasDocs) lines.splice(1, 0, `  docs       ${url}${DOCS_PATH}`);
  if (keys !== null) {
    lines.push(
      `  test key   ${keys.test_key}`,
      '',
      'Try it:',
      `  curl ${url}${linkTo('sessions.list', {})} -H 'Authorization: Bearer ${keys.test_key}'`,
    );
  }
  console.log(`\n${lines.join('\n')}\n`);
}
