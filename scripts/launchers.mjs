/** Stops this process when its package manager exits without forwarding the signal, as npx does. */
import { clearInterval, setInterval } from 'node:timers';

import { runningProcesses } from './running-processes.mjs';

const CHECK_INTERVAL_MS = 1_000;

/** Matches the command of a package manager: its process title, or its script run by Node. */
const PACKAGE_MANAGER =
  /^(?:\S*\/)?(?:(?:npm|npx|pnpm|pnpx|yarn|corepack)\b|node\S* (?:-\S+ )*\S*\b(?:npm|npx|pnpm|pnpx|yarn|corepack)[\w.-]*\.[cm]?js\b)/;
const SHELL = /^(?:\S*\/)?(?:sh|bash|dash|ash|zsh) /;

/** Sends SIGHUP to this process, like a closing terminal, when one of its launchers has exited. */
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
 * Returns the ancestors of a process that launched it: package managers and the shells between them. Excludes the
 * ancestors above the topmost package manager, such as a terminal, which may exit earlier.
 *
 * @param {number} pid
 * @param {Map<number, { parent: number, command: string }>} processes
 * @returns {number[]}
 */
export function launchersOf(pid, processes) {
  const ancestors = [];
  let count = 0;
  let ancestor = processes.get(pid)?.parent;
  for (;;) {
    const found = processes.get(ancestor);
    if (found === undefined) break;
    const isPackageManager = PACKAGE_MANAGER.test(found.command);
    if (!isPackageManager && !SHELL.test(found.command)) break;
    ancestors.push(ancestor);
    if (isPackageManager) count = ancestors.length;
    ancestor = found.parent;
  }
  return ancestors.slice(0, count);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
