import { createHash } from 'node:crypto';

import { limits, type validatedRequests } from '@greenroom/contract';

import { currentTime } from '../common/clock.ts';
import type { SessionConfig } from '../common/config.ts';
import type { Tenant } from '../common/tenant.ts';
import { describeSchema } from '../contract/validator/describe.ts';
import { schemaValues } from '../document/document.ts';
import { propertySchema } from '../document/schema-at.ts';
import { ApiError } from '../errors/api-error.ts';
import { oneOf, quoted } from '../errors/message-text.ts';
import { hashToken } from './token-cipher.ts';
import { checkWorkerToken, decodeWorkerToken, type WorkerToken } from './worker-token.ts';

export type SessionCreate =
  validatedRequests['sessions.create']['requestBody']['content']['application/json'];
export type PipecatSessionCreate =
  validatedRequests['pipecatSessions.create']['requestBody']['content']['application/json'];
type LiveKitTransport = Extract<SessionCreate['transport'], { type: 'livekit' }>;

/** A valid request to create a session, with the values that its checks derived. */
export interface CreateRequest {
  body: SessionCreate;
  transport: LiveKitTransport;
  token: WorkerToken;
  tokenHash: Uint8Array<ArrayBuffer>;
  workerIdentity: string;
  slotHash: Uint8Array<ArrayBuffer>;
}

const MAX_METADATA_BYTES = limits.Metadata.maxJsonBytes;
const SIMULATIONS = schemaValues('Metadata', 'x-simulations');
/** The identity of a worker whose token has none. */
const DEFAULT_WORKER_IDENTITY = 'greenroom-worker';

/**
 * Checks what can be checked without the database and the time.
 *
 * @throws {ApiError} 400 or 422
 */
export function validateCreate(tenant: Tenant, body: SessionCreate, config: SessionConfig): CreateRequest {
  const transport = requireLiveKit(body.transport, config);
  requireStorableMetadata(body.metadata);
  requireSimulation(body.metadata, tenant);
  const token = decodeWorkerToken(transport.worker_token);
  const workerIdentity = transport.worker_identity ?? token.identity ?? DEFAULT_WORKER_IDENTITY;
  return {
    body,
    transport,
    token,
    tokenHash: hashToken(transport.worker_token),
    workerIdentity,
    slotHash: hashParticipantSlot({ url: transport.url, roomName: transport.room_name, workerIdentity }),
  };
}

/**
 * Checks what can be checked of a session over a WebSocket without the database.
 *
 * @throws {ApiError} 422 when the metadata cannot be stored, or scripts a simulation, because no simulator performs it
 */
export function validatePipecatCreate({ mode }: Tenant, { metadata }: PipecatSessionCreate): void {
  requireStorableMetadata(metadata);
  if (mode !== 'test' || metadata['simulate'] === undefined) return;
  throw new ApiError('body.invalid', { situation: 'simulate', param: 'metadata.simulate' });
}

/**
 * Checks that a worker can join the room with the token now.
 *
 * @throws {ApiError} 422
 */
export function requireUsableToken({ token, transport }: CreateRequest): void {
  const expected = {
    roomName: transport.room_name,
    workerIdentity: transport.worker_identity ?? null,
    audioSource: transport.audio_source,
  };
  checkWorkerToken(token, expected, currentTime());
}

/** @throws {ApiError} 400 when the transport is reserved, or its URL is invalid or must be encrypted */
function requireLiveKit(
  transport: SessionCreate['transport'],
  { allowInsecureUrls }: SessionConfig,
): LiveKitTransport {
  if (transport.type !== 'livekit') {
    throw new ApiError('transport.unsupported', {
      situation: transport.type === 'pipecat' ? 'pipecat' : 'default',
      values: { transport: transport.type },
      param: 'transport.type',
    });
  }
  if (!URL.canParse(transport.url)) {
    throw new ApiError('body.invalid', {
      situation: 'value',
      values: {
        expected: describeSchema(propertySchema('LiveKitTransportCreate', 'url')),
        sent: quoted(transport.url),
      },
      param: 'transport.url',
    });
  }
  if (transport.url.startsWith('ws://') && !allowInsecureUrls) {
    throw new ApiError('transport.insecure_url', { param: 'transport.url' });
  }
  return transport;
}

/** @throws {ApiError} 422 when the metadata is too large or has an inexact number */
function requireStorableMetadata(metadata: SessionCreate['metadata']): void {
  const bytes = Buffer.byteLength(JSON.stringify(metadata));
  if (bytes > MAX_METADATA_BYTES) {
    throw new ApiError('metadata.too_large', {
      values: { bytes, limit: MAX_METADATA_BYTES },
      param: 'metadata',
    });
  }
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== 'number' || Math.abs(value) <= Number.MAX_SAFE_INTEGER) continue;
    throw new ApiError('metadata.invalid_number', { param: `metadata.${key}` });
  }
}

/** @throws {ApiError} 422 when the metadata of a test session names an unknown simulation */
function requireSimulation({ simulate }: SessionCreate['metadata'], { mode }: Tenant): void {
  if (mode === 'test' && simulate !== undefined && !SIMULATIONS.includes(String(simulate))) {
    throw new ApiError('body.invalid', {
      situation: 'value',
      values: { expected: `${oneOf(SIMULATIONS)} in test mode`, sent: quoted(String(simulate)) },
      param: 'metadata.simulate',
    });
  }
}

/** An identity in a room of a LiveKit server, which LiveKit gives to one participant at a time. */
interface ParticipantSlot {
  url: string;
  roomName: string;
  workerIdentity: string;
}

/** Returns a hash of the slot, whose length fits an index however long the names are. */
function hashParticipantSlot({ url, roomName, workerIdentity }: ParticipantSlot): Uint8Array<ArrayBuffer> {
  const server = new URL(url).href;
  return new Uint8Array(
    createHash('sha256')
      .update(JSON.stringify([server, roomName, workerIdentity]))
      .digest(),
  );
}
