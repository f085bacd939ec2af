/** An error of a valid command that cannot be carried out. Its message is one line for the operator. */
export class CommandError extends Error {}
