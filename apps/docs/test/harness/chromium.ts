import { existsSync } from 'node:fs';

import { chromium, type Browser } from 'playwright-core';

/** Where distributions put it. A test brings no browser along. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A browser of this machine, with a profile of its own. */
export function launchChromium(): Promise<Browser> {
  const executablePath = PLACES.find((place) => existsSync(place));
  if (executablePath === undefined) {
    throw new Error('The tests of the pages need a browser: install chromium (apt-get install chromium).');
  }
  return chromium.launch({ executablePath, args: QUIET });
}
