/** Runs TypeScript, and workspace packages from their sources. */
const FROM_SOURCE = ['--import', 'tsx', '--conditions=@greenroom/source'];

/**
 * Returns the arguments with which Node runs a program. `pnpm test` builds first and sets `GREENROOM_TEST_BUILT`: then
 * programs of `src/` run from their build, and others use the built packages. Without it, everything runs from source.
 */
export function nodeArguments(file: string): string[] {
  if (process.env['GREENROOM_TEST_BUILT'] !== '1') return [...FROM_SOURCE, file];
  // The checkout itself may be below a folder `src`.
  const built = file.replace(/(apps\/[^/]+)\/src\/(.*)\.ts$/, '$1/dist/$2.js');
  return built.endsWith('.ts') ? [...FROM_SOURCE, file] : [built];
}
