/**
 * Ignores EPIPE, the error of writing to a reader that has exited, as in `start | head -1`. Otherwise it would crash
 * the process.
 */
export function ignoreEpipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}
