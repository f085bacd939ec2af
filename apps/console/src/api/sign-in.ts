import { createGreenroom, type Greenroom } from '@greenroom/client';
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
/** Why the last sign-in ended without being asked to. */
let reason: string | null = null;
const listeners = new Set<() => void>();

/** Returns the sign-in of this tab; null when nobody is signed in. */
export function currentSignIn(): SignIn | null {
  return current;
}

/** Returns the sign-in of this tab and follows its changes. */
export function useSignIn(): SignIn | null {
  return useSyncExternalStore(subscribe, currentSignIn);
}

/** Returns why the last sign-in ended by itself; null when it did not. */
export function useEndReason(): string | null {
  return useSyncExternalStore(subscribe, () => reason);
}

/** Returns the mode of a key; null when it is no customer's key. */
export function modeOf(key: string): Mode | null {
  return /^sk_(test|live)_/.exec(key)?.[1] === 'live' ? 'live' : key.startsWith('sk_test_') ? 'test' : null;
}

/**
 * Signs in with keys.
 *
 * @param isKept keeps them on this device, and not only in this tab
 */
export function startSignIn(signIn: SignIn, { isKept = false } = {}): void {
  reason = null;
  if (isKept) store(localStorage, signIn);
  store(sessionStorage, signIn);
  set(signIn);
}

/** Shows the objects of another mode, for which the tab must have a key. */
export function switchMode(mode: Mode): void {
  if (current?.keys[mode] === undefined) return;
  const signIn = { ...current, mode };
  if (isKept()) store(localStorage, signIn);
  store(sessionStorage, signIn);
  set(signIn);
}

/** Uses another key of the current mode from now on, as when a key replaces the one in use. */
export function replaceKey(key: string): void {
  if (current === null) return;
  const signIn = { ...current, keys: { ...current.keys, [current.mode]: key } };
  if (isKept()) store(localStorage, signIn);
  store(sessionStorage, signIn);
  set(signIn);
}

/**
 * Forgets the keys, on this device too.
 *
 * @param why why it ends without being asked to: then other keys of the device, which another tab has kept, stay
 */
export function endSignIn(why: string | null = null): void {
  reason = why;
  if (why === null || isKept()) localStorage.removeItem(STORAGE_KEY);
  sessionStorage.removeItem(STORAGE_KEY);
  set(null);
}

/** Returns a client that calls the API with the key of the current mode. The same for the same key. */
export function useGreenroom(): Greenroom {
  const signIn = useSignIn();
  return greenroomFor(signIn?.keys[signIn.mode] ?? '');
}

const clients = new Map<string, Greenroom>();

/** Returns a client for a key. */
export function greenroomFor(apiKey: string): Greenroom {
  let client = clients.get(apiKey);
  if (client === undefined) {
    client = createGreenroom({ apiKey: apiKey === '' ? 'none' : apiKey, baseUrl: addresses.api });
    clients.set(apiKey, client);
  }
  return client;
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
