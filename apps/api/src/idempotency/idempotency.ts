import { createHash } from 'node:crypto';

import { limits } from '@greenroom/contract';
import type { Database, Queries, Transaction } from '@greenroom/database';

import { currentTimeMs } from '../common/clock.ts';
import type { Tenant } from '../common/tenant.ts';
import type { HandlerResponse } from '../contract/responses.ts';
import { ApiError } from '../errors/api-error.ts';
import {
  deleteResponse,
  lockKey,
  replaceResponse,
  storeResponse,
  storeStatement,
  type StoredResponse,
  type StoreStatement,
} from './idempotency-repository.ts';

/** How long a stored response is replayed. */
const RETENTION_MS = limits.IdempotencyKey.maxAgeHours * 3_600_000;

/** The stored status of a response that is not known yet. */
const UNFINISHED = 102;
/**
 * How long a request that continues after its transaction holds a key. After that, the key of a crashed process is free
 * again.
 */
const UNFINISHED_MS = 30_000;

export interface IdempotentRequest {
  tenant: Tenant;
  /** As sent in the header; null if there was none. */
  key: string | null;
  /** The validated body. A second request with the same key must have an equal one. */
  content: unknown;
  /** Encrypts the stored response if it holds a secret. */
  cipher?: ResponseCipher;
}

/** The response of a create that continues after its transaction, until `finishResponse` stores the final one. */
export interface UnfinishedResponse {
  status: typeof UNFINISHED;
  /** The id of the created object. */
  body: string;
}

export function unfinished(id: string): UnfinishedResponse {
  return { status: UNFINISHED, body: id };
}

/** Encrypts a text under a name, without which it cannot be decrypted. */
export interface ResponseCipher {
  seal(text: string, name: string): Uint8Array;
  open(sealed: Uint8Array, name: string): string;
}

/**
 * Returns the statement that stores a response; null without a key. A create that includes it in its statement saves a
 * round trip, and must create nothing when it returns no row.
 */
export type StoreEarly = (response: HandlerResponse) => StoreStatement | null;

/**
 * Runs a create once for an idempotency key.
 *
 * The response is stored in the transaction that creates the object, so neither exists without the other. Until that
 * transaction ends, even by a crash of the process, an advisory lock holds the key: no record of an unfinished request
 * remains.
 *
 * @throws {ApiError} 409 if the key is in use or was used with another body
 */
export async function idempotently<T extends HandlerResponse>(
  database: Database,
  { tenant, key, content, cipher }: IdempotentRequest,
  create: (tx: Transaction, storeEarly: StoreEarly) => Promise<T>,
): Promise<T> {
  return database.transaction(async (tx) => {
    if (key === null) return create(tx, () => null);
    const name = nameOf(tenant, key);
    const stored = await lockKey(tx, { tenant, key }, hash(name).readBigInt64BE());
    if (stored === undefined) throw keyInUse();
    const fingerprint = hash(canonicalJson(content));
    if (stored !== null && stored.expiresAt.getTime() > currentTimeMs()) {
      if (Buffer.compare(stored.fingerprint, fingerprint) !== 0) throw keyReused();
      if (stored.statusCode === UNFINISHED) throw keyInUse();
      return replay(stored, name, cipher) as T;
    }
    const storedEarly: HandlerResponse[] = [];
    const statementOf = (response: HandlerResponse) =>
      storeStatement(
        { tenant, key },
        { fingerprint, ...storable(response, name, cipher) },
        new Date(currentTimeMs()),
      );
    const response = await create(tx, (early) => {
      storedEarly.push(early);
      return statementOf(early);
    });
    if (storedEarly.length === 0 && !(await storeResponse(tx, statementOf(response)))) throw keyInUse();
    return response;
  });
}

/** Stores the response of a request that was stored as unfinished. */
export async function finishResponse(
  database: Database,
  { tenant, key, cipher }: IdempotentRequest,
  id: string,
  response: HandlerResponse,
): Promise<void> {
  if (key === null) return;
  const finished = storable(response, nameOf(tenant, key), cipher);
  await replaceResponse(database, { tenant, key }, { statusCode: UNFINISHED, body: id }, finished);
}

/** Releases the key of a request that was stored as unfinished. */
export async function forgetUnfinished(
  queries: Queries,
  { tenant, key }: IdempotentRequest,
  id: string,
): Promise<void> {
  if (key !== null) await deleteResponse(queries, { tenant, key }, { statusCode: UNFINISHED, body: id });
}

/** Returns a response in the form in which it is stored. */
function storable(
  { status, headers = {}, body }: HandlerResponse,
  name: string,
  cipher: ResponseCipher | undefined,
): Omit<StoredResponse, 'fingerprint'> {
  const isUnfinished = status === UNFINISHED;
  return {
    statusCode: status,
    headers,
    body: isUnfinished ? String(body) : encode(JSON.stringify(body), name, cipher),
    expiresAt: new Date(currentTimeMs() + (isUnfinished ? UNFINISHED_MS : RETENTION_MS)),
  };
}

function nameOf({ orgId, mode }: Tenant, key: string): string {
  return `${orgId} ${mode} ${key}`;
}

function replay(stored: StoredResponse, name: string, cipher: ResponseCipher | undefined): HandlerResponse {
  return {
    status: stored.statusCode,
    headers: { ...(stored.headers as Record<string, string>), 'Idempotent-Replayed': 'true' },
    body: JSON.parse(decode(stored.body, name, cipher)),
  };
}

function encode(body: string, name: string, cipher: ResponseCipher | undefined): string {
  return cipher === undefined ? body : Buffer.from(cipher.seal(body, name)).toString('base64');
}

function decode(stored: string, name: string, cipher: ResponseCipher | undefined): string {
  if (cipher === undefined) return stored;
  try {
    return cipher.open(Buffer.from(stored, 'base64'), name);
  } catch (error) {
    throw new ApiError('idempotency_key.reused', {
      situation: 'unreadable',
      param: 'Idempotency-Key',
      cause: error,
    });
  }
}

function keyInUse(): ApiError {
  return new ApiError('idempotency_key.in_use', {
    param: 'Idempotency-Key',
    values: { seconds: 1 },
  });
}

function keyReused(): ApiError {
  return new ApiError('idempotency_key.reused', { situation: 'body', param: 'Idempotency-Key' });
}

function hash(text: string): Buffer<ArrayBuffer> {
  return Buffer.from(createHash('sha256').update(text).digest());
}

/** Returns JSON with sorted keys: two bodies whose keys are in another order are equal. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
    return Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** Returns the key, sent bare or as the quoted string of draft-ietf-httpapi-idempotency-key-header. */
export function idempotencyKey(header: string | undefined): string | null {
  if (header === undefined) return null;
  return /^"(.*)"$/.exec(header)?.[1]?.replaceAll(/\\(["\\])/g, '$1') ?? header;
}
