import { randomInt } from 'node:crypto';

import { patterns } from '@greenroom/contract';
import { decodeTime, encodeTime, monotonicFactory } from 'ulid';

import { currentTimeMs } from './clock.ts';

/** The prefixes of ids. */
export type IdPrefix =
  'sess' | 'evt' | 'av' | 'use' | 'key' | 'wkr' | 'wkk' | 'crd' | 'aud' | 'whe' | 'whd' | 'req';

const BASE = 32;
/** All ids have this form after their prefix. */
const ULID = new RegExp(patterns.SessionId.replace('sess_', ''));
/** `randomInt` takes random bytes from a buffer. The library's default asks the system for each digit. */
const nextUlid = monotonicFactory(() => randomInt(BASE) / BASE);
const LOWEST_RANDOMNESS = '0'.repeat(16);
/** ULID has 48 bits for milliseconds, up to the year 10889. */
const LAST_ULID_TIME = 2 ** 48 - 1;

/** Returns a new id. The ids of a process ascend, even when its clock steps back. */
export function newId(prefix: IdPrefix): string {
  return `${prefix}_${nextUlid(currentTimeMs())}`;
}

export function isId(prefix: IdPrefix, value: string): boolean {
  return value.startsWith(`${prefix}_`) && ULID.test(value.slice(prefix.length + 1));
}

/** Returns the creation time that an id contains. */
export function createdAt(id: string): Date {
  return new Date(decodeTime(id.slice(id.indexOf('_') + 1)));
}

/** Returns the lowest id of an object created at or after `time`, to convert times to ranges of ids. */
export function lowestIdAt(prefix: IdPrefix, time: Date): string {
  const milliseconds = Math.min(Math.max(time.getTime(), 0), LAST_ULID_TIME);
  return `${prefix}_${encodeTime(milliseconds)}${LOWEST_RANDOMNESS}`;
}

/** Returns a bound above every id of a kind: ULIDs have no character above `Z`. */
export function beyondLastId(prefix: IdPrefix): string {
  return `${prefix}_~`;
}
