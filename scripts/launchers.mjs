/** Stops this process when the package manager that launched it ends without passing the signal on, as npx does. */
import { clearInterval, setInterval } from 'node:timers';

import { runningProcesses } from './running-processes.mjs';

const CHECK_INTERVAL_MS = 1_000;

/** A package manager under the name that it gives itself, or its script in Node. */
const PACKAGE_MANAGER =
  /^(?:\S*\/)?(?:(?:npm|npx|pnpm|pnpx|yarn|corepack)\b|node\S* (?:-\S+ )*\S*\b(?:npm|npx|pnpm|pnpx|yarn|corepack)[\w.-]*\.[cm]?js\b)/;
const SHELL = /^(?:\S*\/)?(?:sh|bash|dash|ash|zsh) /;

/** Sends SIGHUP to this process once one of its launchers has ended, as a terminal does that is closed. */
export function stopWithLaunchers() {
  const launchers = launchersOf(process.pid, runningProcesses());
  if (launchers.length === 0) return;
  const timer = setInterval(() => {
    if (launchers.every(isAlive)) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGHUP');
  }, CHECK_INTERVAL_MS);
  timer.unref();
}

/**
 * Returns the processes above one up to the first package manager: those, and the shells between them. What started
 * that one may end before it, as a terminal does, and is not among them.
 *
 * @param {number} pid
 * @param {Map<number, { parent: number, command: string }>} processes
 * @returns {number[]}
 */
export function launchersOf(pid, processes) {
  const above = [];
  let launchers = 0;
  let ancestor = processes.get(pid)?.parent;
  for (;;) {
    const found = processes.get(ancestor);
    if (found === undefined) break;
    const isPackageManager = PACKAGE_MANAGER.test(found.command);
    if (!isPackageManager && !SHELL.test(found.command)) break;
    above.push(ancestor);
    if (isPackageManager) launchers = above.length;
    ancestor = found.parent;
  }
  return above.slice(0, launchers);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
