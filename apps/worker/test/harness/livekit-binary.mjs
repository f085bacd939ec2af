/**
 * Prints the path of the LiveKit server for tests: the one on the PATH, or one that was built. With `--build`, builds a
 * missing one with Go. Exits with status 1 when there is none.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, renameSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Compiled without optimisation and debug information, which takes a third less time and is fast enough for tests. */
const FAST_BUILD = ['-gcflags=all=-N -l -dwarf=false', '-ldflags=-s -w'];
/** The newest version whose module builds from the module proxy alone. */
const VERSION = 'v1.11.0';
const CACHE = fileURLToPath(new URL(`../../node_modules/.cache/livekit-server-${VERSION}`, import.meta.url));

const onPath = (name) =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file));

const binary = onPath('livekit-server') ?? built();
if (binary === undefined) {
  console.error(
    'The tests of the avatar need a LiveKit server: put livekit-server on the PATH, or install Go and run `pnpm test`, which builds one.',
  );
  process.exit(1);
}
console.log(binary);

function built() {
  const file = join(CACHE, 'livekit-server');
  if (existsSync(file)) return file;
  const go = process.argv.includes('--build') ? onPath('go') : undefined;
  if (go === undefined) return undefined;
  console.error(
    `Building livekit-server ${VERSION} once, for the tests of the avatar: 1 to 3 minutes on two cores …`,
  );
  try {
    build(go);
  } catch (error) {
    console.error(`livekit-server does not build: ${error.message}`);
    return undefined;
  }
  // The module names its command differently. Renamed last, so that an interrupted build leaves no file with this name.
  renameSync(join(CACHE, 'server'), file);
  return file;
}

function build(go) {
  execFileSync(
    go,
    ['install', '-trimpath', ...FAST_BUILD, `github.com/livekit/livekit-server/cmd/server@${VERSION}`],
    {
      env: { ...process.env, GOBIN: CACHE, CGO_ENABLED: '0' },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
}
