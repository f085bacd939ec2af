import { limits } from '@greenroom/contract';

import { ApiError } from '../errors/api-error.ts';
import { Decoder, DecoderLostError, type DecoderOptions } from './decoder.ts';
import { FairPool } from './fair-pool.ts';
import type {
  DecodeError,
  DecodeLimits,
  DecodeRequest,
  DecodeResponse,
  Decoded,
  FaceFailure,
  Landmarks,
} from './ipc.ts';

const { maxPixels, maxDecodedBytes } = limits.AvatarImage;
const LIMITS: DecodeLimits = { maxPixels, maxDecodedBytes };
/** Each decoder is a process. Their number bounds the memory of all images together. */
const DECODERS = 2;
const DECODER_OPTIONS: DecoderOptions = {
  // Decoding the largest image takes about a second.
  timeoutMs: 20_000,
  idleMs: 30_000,
  // The largest images within the limits took 340 MB when measured, and need a second copy when they are rotated. The
  // face finder takes 120 MB.
  maxResidentBytes: 800 * 1024 * 1024,
};
/** A process may end for another reason than its image, for instance when the machine runs out of memory. */
const ATTEMPTS = 2;

/** The portrait of a source image. */
export interface Portrait {
  /** A WebP image. */
  image: Uint8Array<ArrayBuffer>;
  landmarks: Landmarks;
}

/**
 * Checks source images and renders portraits from them, in separate processes. An organisation has at most one check
 * and one portrait in progress, and organisations are served round-robin.
 */
export class ImageProcessor {
  readonly #decoders: Decoder[];
  readonly #pool: FairPool<Decoder>;
  #isStopped = false;

  constructor(options: DecoderOptions = DECODER_OPTIONS) {
    this.#decoders = Array.from({ length: DECODERS }, () => new Decoder(options));
    this.#pool = new FairPool(this.#decoders);
  }

  /** The ids of the running processes. */
  get pids(): number[] {
    return this.#decoders.flatMap(({ pid }) => pid ?? []);
  }

  /**
   * Checks whether a source image can be used. While it waits, `signal` cancels it, so that images of disconnected
   * clients are not kept.
   *
   * @throws {ApiError} 422 when the image cannot be used
   */
  async check(orgId: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    await this.#decode(`${orgId}/check`, { task: 'check', bytes, limits: LIMITS }, signal);
  }

  /**
   * Renders the portrait of a source image: upright, square around the face, without metadata. Resolves with the
   * failure when the image does not show one face that can be animated.
   *
   * @throws {ApiError} 422 when the image cannot be used. Any other error is one of this server.
   */
  async render(orgId: string, bytes: Uint8Array): Promise<Portrait | { failure: FaceFailure }> {
    const response = await this.#decode(`${orgId}/render`, { task: 'render', bytes, limits: LIMITS });
    if (response.kind === 'no_portrait') return { failure: response.failure };
    if (response.kind !== 'rendered') throw new Error('The decoder process rendered no portrait.');
    return { image: new Uint8Array(response.portrait), landmarks: response.landmarks };
  }

  /** Kills the processes. Work in progress rejects, and another server repeats it. */
  stop(): void {
    this.#isStopped = true;
    for (const decoder of this.#decoders) decoder.stop();
  }

  async #decode(key: string, request: DecodeRequest, signal?: AbortSignal): Promise<Decoded> {
    const response = await this.#pool.run(key, (decoder) => this.#decodeWith(decoder, request), signal);
    if ('error' in response) throw imageError(response);
    return response;
  }

  async #decodeWith(decoder: Decoder, request: DecodeRequest): Promise<DecodeResponse> {
    for (let attempt = 1; ; attempt += 1) {
      // Requests that were waiting get here after the processes were killed.
      if (!this.#isRunning()) throw new Error('The server is stopping and decodes no more images.');
      try {
        return await decoder.decode(request);
      } catch (error) {
        if (!(error instanceof DecoderLostError) || !this.#isRunning()) throw error;
        if (!(error.timedOut && error.wasReady) && attempt < ATTEMPTS) continue;
        // A process that does not start is an error of this server.
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

function imageError(response: DecodeError): Error {
  switch (response.error) {
    case 'too_large':
      return tooLarge(response);
    case 'unsupported':
      return new ApiError('image.unsupported', { param: 'image' });
    case 'unreadable':
      return new ApiError('image.unreadable', { situation: 'damaged', param: 'image' });
    case 'internal':
      return new Error(`The decoder process failed: ${response.message}`);
  }
}

function tooLarge({ width, height, decodedBytes }: Extract<DecodeError, { error: 'too_large' }>): ApiError {
  const { maxPixels, maxDecodedBytes } = LIMITS;
  if (width * height > maxPixels) {
    const values = { width, height, limit: maxPixels };
    return new ApiError('image.too_many_pixels', { situation: 'pixels', values, param: 'image' });
  }
  const values = { bytes: decodedBytes, limit: maxDecodedBytes };
  return new ApiError('image.too_many_pixels', { situation: 'memory', values, param: 'image' });
}
