const STORED = 'greenroom.key';

/** Returns the API key that the reader has entered in this tab; empty without one. */
export function keyOfTab(): string {
  try {
    return sessionStorage.getItem(STORED) ?? '';
  } catch {
    return '';
  }
}

/** Keeps an API key until the tab is closed. Where storage is forbidden, does nothing. */
export function keepKeyInTab(key: string): void {
  try {
    sessionStorage.setItem(STORED, key);
  } catch {
    // The reader has to enter it again after a reload.
  }
}
