import { createGreenroom, type Greenroom } from '@greenroom/client';

import { serverAddress } from '../server-address.ts';
import { element } from './element.ts';

const STORED = 'greenroom.playground.key';
const KEY = /^sk_(test|live)_\S+$/;

/** The key in the field, or null while it is none. */
export function currentKey(): string | null {
  const key = element('#key', HTMLInputElement).value.trim();
  return KEY.test(key) ? key : null;
}

/** Returns a client of this server with the key in the field; null without a key. */
export function currentClient(): Greenroom | null {
  const apiKey = currentKey();
  const baseUrl = serverAddress() ?? location.origin;
  return apiKey === null ? null : createGreenroom({ apiKey, baseUrl });
}

/** Keeps the key for this tab, as long as it is open. Calls `onKey` when there is another one. */
export function wireKey(onKey: () => void): void {
  const field = element('#key', HTMLInputElement);
  field.value = stored();
  field.addEventListener('change', () => {
    store(currentKey() ?? '');
    onKey();
  });
  onKey();
}

// Where storage is forbidden, the key is kept until the page is left.
function stored(): string {
  try {
    return sessionStorage.getItem(STORED) ?? '';
  } catch {
    return '';
  }
}

function store(key: string): void {
  try {
    sessionStorage.setItem(STORED, key);
  } catch {
    // Nothing to keep it in.
  }
}
