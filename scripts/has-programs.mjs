/** Exits with status 1 when a program in the arguments is not on the PATH. */
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
