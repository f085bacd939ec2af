/** Prints the path of the browser for tests. Exits with status 1 when there is none: the tests do not download one. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

const folders = (process.env.PATH ?? '').split(delimiter);
const binary = [...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))), MAC].find((file) =>
  existsSync(file),
);
if (binary === undefined) {
  console.error('The tests of the pages need Chromium or Chrome (apt-get install chromium).');
  process.exit(1);
}
console.log(binary);
