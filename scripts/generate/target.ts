import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** The checkout. */
export const repository = resolve(import.meta.dirname, '../..');

/** The `generated/` folder of a package: in the checkout, or below `--into <directory>`, as the drift check asks. */
export function generatedFolder(workspacePackage: string): string {
  const { values } = parseArgs({ options: { into: { type: 'string', default: repository } } });
  return join(resolve(values.into), 'packages', workspacePackage, 'src/generated');
}
