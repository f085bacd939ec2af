/** Exits with 1 when one of the programs that the arguments name is not on the PATH. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

function isOnPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

process.exitCode = process.argv.slice(2).every(isOnPath) ? 0 : 1;
