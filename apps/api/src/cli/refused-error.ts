/** A command that was understood and cannot be done. The message says why, in one line. */
export class RefusedError extends Error {}
