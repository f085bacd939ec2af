import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { chromium, type Browser } from 'playwright-core';

const BINARY = fileURLToPath(new URL('./browser-binary.mjs', import.meta.url));
/** A host name that only this browser resolves to this machine. Like a name of the local network, it is not a secure context. */
export const LAN_NAME = 'greenroom.lan';
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--host-resolver-rules=MAP ${LAN_NAME} 127.0.0.1`,
];

/**
 * Starts a browser of this machine with a new profile. A page that may use the microphone hears the file `speech` in a
 * loop.
 */
export function launchChromium({ speech }: { speech?: string } = {}): Promise<Browser> {
  const executablePath = execFileSync(process.execPath, [BINARY], { encoding: 'utf8' }).trim();
  const microphone =
    speech === undefined
      ? []
      : ['--use-fake-device-for-media-stream', `--use-file-for-fake-audio-capture=${speech}`];
  return chromium.launch({ executablePath, args: [...QUIET, ...microphone] });
}
