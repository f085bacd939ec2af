// Opens the data directory in its arguments, prints the address, and stops at the first input.
import { openEmbeddedPostgres } from '../src/embedded/open.ts';

const server = await openEmbeddedPostgres({ dataDir: process.argv[2] ?? '', settings: { fsync: 'off' } });
console.log(server.url);
process.stdin.once('data', () => {
  server.stop().then(
    () => process.exit(),
    () => process.exit(1),
  );
});
