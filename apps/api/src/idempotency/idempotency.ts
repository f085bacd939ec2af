import { createHash } from 'node:crypto';

import type { Database, Transaction } from '@greenroom/database';
import { stringify } from 'safe-stable-stringify';

import { currentTimeMs } from '../common/clock.ts';
import type { Tenant } from '../common/tenant.ts';
import type { Answer } from '../http/response/send-response.ts';
import { ApiError } from '../errors/api-error.ts';

/** How long a stored answer is replayed. */
const RETENTION_MS = 24 * 60 * 60 * 1000;

/** What makes two requests the same one. */
export interface IdempotentRequest {
  tenant: Tenant;
  /** As sent in the header; null where there was none. */
  key: string | null;
  /** The operation and its validated body. */
  content: unknown;
  /** Keeps the stored answer unreadable, where it holds a secret. */
  cipher?: AnswerCipher;
}

/** Encrypts a text under a name, without which it cannot be decrypted. */
export interface AnswerCipher {
  seal(text: string, name: string): Uint8Array;
  open(sealed: Uint8Array, name: string): string;
}

/**
 * Runs a create once for an idempotency key.
 *
 * The answer is stored in the transaction that makes the object, so there is no moment at which one exists
 * without the other. While a request is under way its key is held by an advisory lock, which a crash lets go
 * of: no record of an unfinished request is ever left behind.
 *
 * @throws {ApiError} 409 where the key is in use at this moment or was used with another body
 */
export async function idempotently<T extends Answer>(
  database: Database,
  { tenant, key, content, cipher }: IdempotentRequest,
  create: (tx: Transaction) => Promise<T>,
): Promise<T> {
  return database.transaction(async (tx) => {
    if (key === null) return create(tx);
    const { orgId, mode } = tenant;
    const name = `${orgId} ${mode} ${key}`;
    await holdKey(tx, name);
    const where = { orgId_mode_key: { orgId, mode, key } };
    const fingerprint = hash(stringify(content) ?? '');
    const stored = await tx.idempotencyRecord.findUnique({ where });
    if (stored !== null && stored.expiresAt.getTime() > currentTimeMs()) {
      if (Buffer.compare(stored.fingerprint, fingerprint) !== 0) {
        throw new ApiError('idempotency_key.reused', {
          situation: 'body',
          param: 'Idempotency-Key',
        });
      }
      const replay: Answer = {
        status: stored.statusCode,
        headers: { ...(stored.headers as Record<string, string>), 'Idempotent-Replayed': 'true' },
        body: JSON.parse(decoded(stored.body, name, cipher)),
      };
      return replay as T;
    }
    const answer = await create(tx);
    const record = {
      fingerprint,
      statusCode: answer.status,
      headers: answer.headers ?? {},
      body: encoded(JSON.stringify(answer.body), name, cipher),
      expiresAt: new Date(currentTimeMs() + RETENTION_MS),
    };
    await tx.idempotencyRecord.upsert({ where, create: { orgId, mode, key, ...record }, update: record });
    return answer;
  });
}

function encoded(body: string, name: string, cipher: AnswerCipher | undefined): string {
  return cipher === undefined ? body : Buffer.from(cipher.seal(body, name)).toString('base64');
}

function decoded(stored: string, name: string, cipher: AnswerCipher | undefined): string {
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

async function holdKey(tx: Transaction, name: string): Promise<void> {
  const lock = hash(name).readBigInt64BE();
  const [row] = await tx.$queryRaw<{ held: boolean }[]>`SELECT pg_try_advisory_xact_lock(${lock}) AS held`;
  if (row?.held === true) return;
  throw new ApiError('idempotency_key.in_use', {
    param: 'Idempotency-Key',
    values: { seconds: 1 },
    headers: { 'Retry-After': '1' },
  });
}

function hash(text: string): Buffer<ArrayBuffer> {
  return Buffer.from(createHash('sha256').update(text).digest());
}

/** The key, bare or as the quoted string of draft-ietf-httpapi-idempotency-key-header. */
export function idempotencyKey(header: string | undefined): string | null {
  if (header === undefined) return null;
  return /^"(.*)"$/.exec(header)?.[1]?.replaceAll(/\\(["\\])/g, '$1') ?? header;
}
