import { ignoreEpipe } from '../startup/ignore-epipe.ts';
import { runGreenroom } from './run-greenroom.ts';

ignoreEpipe();
process.exitCode = await runGreenroom(process.argv.slice(2), {
  env: process.env,
  print(text) {
    console.log(text);
  },
  printError(text) {
    console.error(text);
  },
});
