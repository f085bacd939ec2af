import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** The checkout. */
export const repository = resolve(import.meta.dirname, '../..');

/** The `generated/` folder of a package. */
export function generatedFolder(workspacePackage: string): string {
  return outputFolder(join('packages', workspacePackage, 'src/generated'));
}

/** Returns the path of a folder to write: in the checkout, or below `--into <directory>` for the drift check. */
export function outputFolder(path: string): string {
  const { values } = parseArgs({ options: { into: { type: 'string', default: repository } } });
  return join(resolve(values.into), path);
}
