/**
 * Goes on when whoever read the output has gone, as in `start | head -1`: what is still said is for nobody, and no
 * reason to stop. Node would end the process with a stack.
 */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}
