import { createGreenroom, GreenroomError, type Greenroom } from '@greenroom/client';
import { useSyncExternalStore } from 'react';

import { addresses } from './addresses.ts';

export type Mode = 'test' | 'live';

/** The keys that this tab has, at most one for each mode, and the mode that its pages show. */
export interface SignIn {
  readonly mode: Mode;
  readonly keys: Readonly<Partial<Record<Mode, string>>>;
}

const STORAGE_KEY = 'greenroom.console.sign-in';

let current: SignIn | null = stored(sessionStorage) ?? stored(localStorage);
/** Why the last sign-in ended on its own. */
let reason: string | null = null;
/** The key of the other mode, after that of the shown mode was rejected. */
let remaining: SignIn | null = null;
const listeners = new Set<() => void>();

/** Returns the sign-in of this tab; null when nobody is signed in. */
export function currentSignIn(): SignIn | null {
  return current;
}

/** Returns the sign-in of this tab and follows its changes. */
export function useSignIn(): SignIn | null {
  return useSyncExternalStore(subscribe, currentSignIn);
}

/** Returns why the last sign-in ended on its own; null when it did not. */
export function useEndReason(): string | null {
  return useSyncExternalStore(subscribe, () => reason);
}

/** Returns the remaining sign-in of the other mode after the key of the shown mode was rejected; null without one. */
export function useRemainingSignIn(): SignIn | null {
  return useSyncExternalStore(subscribe, () => remaining);
}

/** Returns the mode of a key; null when it is not a customer's key. */
export function modeOf(key: string): Mode | null {
  return /^sk_(test|live)_/.exec(key)?.[1] === 'live' ? 'live' : key.startsWith('sk_test_') ? 'test' : null;
}

/**
 * Signs in with keys, and keeps a remaining key of another mode.
 *
 * @param isKept whether to keep the keys on this device, not only in this tab
 */
export function startSignIn({ mode, keys }: SignIn, { isKept = false } = {}): void {
  const signIn = { mode, keys: { ...remaining?.keys, ...keys } };
  reason = null;
  remaining = null;
  if (isKept) store(localStorage, signIn);
  store(sessionStorage, signIn);
  set(signIn);
}

/** Shows the objects of another mode, for which the tab must have a key. */
export function switchMode(mode: Mode): void {
  if (current?.keys[mode] !== undefined) change({ ...current, mode });
}

/** Uses a key for its mode in place of any other, and shows that mode. */
export function putKey(key: string): void {
  const mode = modeOf(key);
  if (current === null || mode === null) return;
  change({ mode, keys: { ...current.keys, [mode]: key } });
}

/**
 * Drops a key that the server rejected. The key of the other mode stays. Does nothing when the key is no longer in use.
 */
export function dropKey(key: string, why: string): void {
  const mode = modeOf(key);
  if (current === null || mode === null || current.keys[mode] !== key) return;
  const other = otherMode(mode);
  const otherKey = current.keys[other];
  if (otherKey === undefined) {
    endSignIn(why);
    return;
  }
  const isShown = current.mode === mode;
  const rest: SignIn = { mode: other, keys: { [other]: otherKey } };
  if (!isShown) {
    change(rest);
    return;
  }
  // The other mode is shown only on request, because its objects look the same.
  reason = why;
  remaining = rest;
  change(rest, null);
}

/** Returns the mode that is not the given one. */
export function otherMode(mode: Mode): Mode {
  return mode === 'test' ? 'live' : 'test';
}

/**
 * Deletes the keys, on this device too.
 *
 * @param why why the sign-in ends on its own; keys that another tab keeps on the device then stay
 */
export function endSignIn(why: string | null = null): void {
  reason = why;
  remaining = null;
  if (why === null || isKept()) localStorage.removeItem(STORAGE_KEY);
  sessionStorage.removeItem(STORAGE_KEY);
  set(null);
}

/** Returns a client with the key of the current mode, the same one for the same key. */
export function useGreenroom(): Greenroom {
  const signIn = useSignIn();
  return greenroomFor(signIn?.keys[signIn.mode] ?? '');
}

const clients = new Map<string, Greenroom>();

/** Returns a client for a key. */
export function greenroomFor(apiKey: string): Greenroom {
  let client = clients.get(apiKey);
  if (client === undefined) {
    client = createGreenroom({
      apiKey: apiKey === '' ? 'none' : apiKey,
      baseUrl: addresses.api,
      fetch: dropRejected(apiKey, fetch),
    });
    clients.set(apiKey, client);
  }
  return client;
}

/** Returns a `fetch` that drops the key when any response says that it is invalid. */
export function dropRejected(
  apiKey: string,
  send: (request: Request) => Promise<Response>,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const response = await send(request);
    if (response.status === 401) {
      const text = await response.clone().text();
      dropKey(apiKey, messageOf(text));
    }
    return response;
  };
}

function messageOf(text: string): string {
  try {
    return (JSON.parse(text) as { error: { message: string } }).error.message;
  } catch {
    return 'The server rejected the key.';
  }
}

/** Resolves with why a key cannot be used; null when it can. */
export async function problemOfKey(key: string): Promise<string | null> {
  try {
    await greenroomFor(key).limits.get();
    return null;
  } catch (error) {
    if (!(error instanceof GreenroomError)) return error instanceof Error ? error.message : String(error);
    return error.message;
  }
}

/**
 * Exchanges the code of the link that `start` prints. Resolves with null when the code is no longer valid.
 *
 * The server's route is not an operation of the API.
 */
export async function exchangeCode(code: string): Promise<SignIn | null> {
  const response = await fetch(addresses.signInCode, {
    method: 'POST',
    headers: { 'Content-Type': 'text/plain' },
    body: code,
  });
  if (!response.ok) return null;
  const { test_key: test, live_key: live } = (await response.json()) as {
    test_key: string;
    live_key: string;
  };
  return { mode: 'test', keys: { test, live } };
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Stores changed keys, on this device if the previous ones were kept there, and sets the shown sign-in. */
function change(signIn: SignIn, shown: SignIn | null = signIn): void {
  if (isKept()) store(localStorage, signIn);
  store(sessionStorage, signIn);
  set(shown);
}

function set(signIn: SignIn | null): void {
  current = signIn;
  for (const listener of listeners) listener();
}

/** Whether the keys of this tab are kept on this device. */
function isKept(): boolean {
  const { test, live } = stored(localStorage)?.keys ?? {};
  return (test ?? live) !== undefined && test === current?.keys.test && live === current?.keys.live;
}

function store(storage: Storage, signIn: SignIn): void {
  storage.setItem(STORAGE_KEY, JSON.stringify(signIn));
}

function stored(storage: Storage): SignIn | null {
  const text = storage.getItem(STORAGE_KEY);
  if (text === null) return null;
  try {
    return JSON.parse(text) as SignIn;
  } catch {
    return null;
  }
}
