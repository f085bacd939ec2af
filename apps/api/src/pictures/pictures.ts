import { limits } from '@greenroom/contract';

import { ApiError } from '../errors/api-error.ts';
import { Decoder, DecoderLostError, type DecoderOptions } from './decoder.ts';
import { FairTurns } from './fair-turns.ts';
import type { DecodeLimits, DecodeRequest, DecodeResponse } from './messages.ts';

const { maxPixels, maxDecodedBytes } = limits.AvatarImage;
const LIMITS: DecodeLimits = { maxPixels, maxDecodedBytes };
/** Each is a separate process. Their number bounds the memory of all pictures together. */
const DECODERS = 2;
/** Decoding the largest picture takes about a second. */
const DECODER_OPTIONS: DecoderOptions = { timeoutMs: 20_000, idleMs: 30_000 };
/** A process may be lost through no fault of its picture, for instance when the machine runs out of memory. */
const ATTEMPTS = 2;

/**
 * Checks source images and makes portraits of them, outside of this process. An organisation has one check and one
 * portrait in progress at most, and organisations take turns.
 */
export class Pictures {
  readonly #decoders: Decoder[];
  readonly #turns: FairTurns<Decoder>;
  #isStopped = false;

  constructor(options: DecoderOptions = DECODER_OPTIONS) {
    this.#decoders = Array.from({ length: DECODERS }, () => new Decoder(options));
    this.#turns = new FairTurns(this.#decoders);
  }

  /** The ids of the processes that there are. */
  get pids(): number[] {
    return this.#decoders.flatMap(({ pid }) => pid ?? []);
  }

  /**
   * Checks whether a picture can be used. One that waits is given up when `signal` is aborted, so that pictures of
   * callers who have gone are not kept.
   *
   * @throws {ApiError} 422 when the picture cannot be used
   */
  async check(orgId: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    await this.#decode(`${orgId}/check`, { task: 'check', bytes, limits: LIMITS }, signal);
  }

  /**
   * Makes the portrait of a picture: upright, square, and with nothing in it but pixels.
   *
   * @throws {ApiError} 422 when the picture cannot be used
   */
  async render(orgId: string, bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    return this.#decode(`${orgId}/render`, { task: 'render', bytes, limits: LIMITS });
  }

  /** Ends the processes. Pictures in progress are left to another server. */
  stop(): void {
    this.#isStopped = true;
    for (const decoder of this.#decoders) decoder.stop();
  }

  async #decode(
    turn: string,
    request: DecodeRequest,
    signal?: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const response = await this.#turns.run(turn, (decoder) => this.#decodeBy(decoder, request), signal);
    if (response.kind === 'done') return new Uint8Array(response.portrait);
    throw refusalOf(response);
  }

  async #decodeBy(decoder: Decoder, request: DecodeRequest): Promise<DecodeResponse> {
    for (let attempt = 1; ; attempt += 1) {
      // Those that still wait get their turns when the processes have been ended.
      if (!this.#isRunning()) throw new Error('The server stops and decodes no more pictures');
      try {
        return await decoder.decode(request);
      } catch (error) {
        if (!(error instanceof DecoderLostError) || !this.#isRunning()) throw error;
        if (!(error.timedOut && error.wasReady) && attempt < ATTEMPTS) continue;
        // A process that does not even start is a fault of this server.
        throw error.wasReady ? tooCostly(error) : error;
      }
    }
  }

  #isRunning(): boolean {
    return !this.#isStopped;
  }
}

function tooCostly(cause: DecoderLostError): ApiError {
  return new ApiError('image.unreadable', { situation: 'costly', param: 'image', cause });
}

function refusalOf(response: Exclude<DecodeResponse, { kind: 'done' }>): ApiError {
  switch (response.kind) {
    case 'too_large':
      return tooLarge(response);
    case 'unsupported':
      return new ApiError('image.unsupported', { param: 'image' });
    case 'unreadable':
      return new ApiError('image.unreadable', { situation: 'damaged', param: 'image' });
  }
}

function tooLarge({ width, height, decodedBytes }: Extract<DecodeResponse, { kind: 'too_large' }>): ApiError {
  const { maxPixels, maxDecodedBytes } = LIMITS;
  if (width * height > maxPixels) {
    const values = { width, height, limit: maxPixels };
    return new ApiError('image.too_many_pixels', { situation: 'pixels', values, param: 'image' });
  }
  const values = { bytes: decodedBytes, limit: maxDecodedBytes };
  return new ApiError('image.too_many_pixels', { situation: 'memory', values, param: 'image' });
}
