import { randomInt } from 'node:crypto';

import { patterns } from '@greenroom/contract';
import { decodeTime, encodeTime, monotonicFactory } from 'ulid';

import { currentTimeMs } from './clock.ts';

/** The prefixes of ids, by the object they name. */
export type IdPrefix = 'sess' | 'evt' | 'av' | 'use' | 'key' | 'wkr' | 'wkk' | 'req';

const BASE = 32;
/** All ids have this form after their prefix. */
const ULID = new RegExp(patterns.SessionId.replace('sess_', ''));
/** A ULID asks for chance once for each digit: `randomInt` draws on bytes in stock, the library on the system's. */
const nextUlid = monotonicFactory(() => randomInt(BASE) / BASE);
const LOWEST_RANDOMNESS = '0'.repeat(16);
/** ULID holds 48 bits of milliseconds: its last instant is in the year 10889. */
const LAST_ULID_TIME = 2 ** 48 - 1;

/** A new id. Ids made by one process ascend even when its clock steps back. */
export function newId(prefix: IdPrefix): string {
  return `${prefix}_${nextUlid(currentTimeMs())}`;
}

export function isId(prefix: IdPrefix, value: string): boolean {
  return value.startsWith(`${prefix}_`) && ULID.test(value.slice(prefix.length + 1));
}

/** When the object was created: its id says so. */
export function createdAt(id: string): Date {
  return new Date(decodeTime(id.slice(id.indexOf('_') + 1)));
}

/** The lowest id an object created at or after `time` can have, so that instants become id ranges. */
export function lowestIdAt(prefix: IdPrefix, time: Date): string {
  const milliseconds = Math.min(Math.max(time.getTime(), 0), LAST_ULID_TIME);
  return `${prefix}_${encodeTime(milliseconds)}${LOWEST_RANDOMNESS}`;
}

/** Above every id of the kind: ULIDs use no character beyond `Z`. */
export function beyondLastId(prefix: IdPrefix): string {
  return `${prefix}_~`;
}
