const ENTERED = 'greenroom.key';
/** Where the console of the same server keeps its keys. */
const CONSOLE_SIGN_IN = 'greenroom.console.sign-in';

/**
 * Returns the API key of this tab; empty without one. The console's key in this tab takes precedence over one that was
 * entered here, so that the console's links find its objects.
 */
export function keyOfTab(): string {
  try {
    const entered = sessionStorage.getItem(ENTERED) ?? '';
    return consoleKey(sessionStorage) || entered || consoleKey(localStorage);
  } catch {
    return '';
  }
}

/** Keeps an API key until the tab is closed. Does nothing where storage is blocked. */
export function keepKeyInTab(key: string): void {
  try {
    sessionStorage.setItem(ENTERED, key);
  } catch {
    // The reader has to enter it again after a reload.
  }
}

/** Returns the key of the mode that the console shows; empty without one. */
function consoleKey(storage: Storage): string {
  const signIn = JSON.parse(storage.getItem(CONSOLE_SIGN_IN) ?? '{}') as {
    mode?: string;
    keys?: Record<string, string>;
  };
  return signIn.keys?.[signIn.mode ?? ''] ?? '';
}
