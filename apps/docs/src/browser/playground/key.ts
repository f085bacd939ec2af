import { createGreenroom, type Greenroom } from '@greenroom/client';

import { serverAddress } from '../server-address.ts';
import { keepKeyInTab, keyOfTab } from '../tab-key.ts';
import { element } from './element.ts';

const KEY = /^sk_(test|live)_\S+$/;

/** Returns the key in the field, or null while the field has none. */
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

/** Fills in the key of this tab, and keeps another one that is entered. Calls `onKey` for each. */
export function wireKey(onKey: () => void): void {
  const field = element('#key', HTMLInputElement);
  field.value = keyOfTab();
  field.addEventListener('change', () => {
    keepKeyInTab(currentKey() ?? '');
    onKey();
  });
  onKey();
}
