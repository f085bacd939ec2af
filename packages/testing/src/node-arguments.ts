/** Runs TypeScript, and workspace packages from their sources. */
const FROM_SOURCE = ['--import', 'tsx', '--conditions=@greenroom/source'];

/**
 * Returns the arguments with which Node runs a program. `pnpm test` builds first and sets `GREENROOM_TEST_BUILT`: then
 * programs of `src/` are run as they were built, and others use the built packages. Without it, all is run from source.
 */
export function nodeArguments(file: string): string[] {
  if (process.env['GREENROOM_TEST_BUILT'] !== '1') return [...FROM_SOURCE, file];
  const built = file.replace(/\/src\/(.*)\.ts$/, '/dist/$1.js');
  return built.endsWith('.ts') ? [...FROM_SOURCE, file] : [built];
}
