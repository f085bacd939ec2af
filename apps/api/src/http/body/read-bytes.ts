import type { Request } from 'express';

import type { ApiError } from '../../errors/api-error.ts';
import type { BodyShare } from './body-budget.ts';
import { bodyDeadline } from './body-deadline.ts';

export interface BytesReading {
  maxBytes: number;
  timeoutMs: number;
  share: BodyShare;
  /** Returns the error of a body that is larger than `maxBytes`. */
  tooLarge: () => ApiError;
  /** Returns the error of an incomplete body. */
  brokenOff: () => ApiError;
}

/**
 * Reads the body of a request into memory. After an error, reads and drops the rest, so that the client can read the
 * response and use the connection again.
 *
 * @throws {ApiError} 408 when the body does not arrive in time; 503 when it exceeds the budget
 */
export function readBytes(
  request: Request,
  { maxBytes, timeoutMs, share, tooLarge, brokenOff }: BytesReading,
): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
    request.resume();
    return Promise.reject(tooLarge());
  }
  if (request.destroyed) return Promise.reject(brokenOff());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const keep = (chunk: Buffer) => {
      try {
        bytes += chunk.length;
        if (bytes > maxBytes) throw tooLarge();
        share.take(chunk.length);
        chunks.push(chunk);
      } catch (error) {
        fail(error);
      }
    };
    const finish = () => {
      stop();
      resolve(Buffer.concat(chunks));
    };
    const breakOff = () => fail(brokenOff());
    const stop = () => {
      cancelDeadline();
      request.off('data', keep).off('end', finish).off('close', breakOff).off('error', breakOff);
    };
    const fail = (error: unknown) => {
      stop();
      request.resume();
      // An aborted request emits an error after its listeners were removed.
      request.once('error', () => undefined);
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    const cancelDeadline = bodyDeadline(request, timeoutMs, fail);
    request.on('data', keep).once('end', finish).once('close', breakOff).once('error', breakOff);
  });
}
