import type { Command } from 'commander';

/** Ends a command that needs a confirmation and has none. */
export function requireYes(command: Command, { yes }: { yes?: true }, effect: string): void {
  if (yes !== true) command.error(`${effect} Add --yes to do it.`);
}
