import { Transform } from 'node:stream';

import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy';
import type { Request } from 'express';

import { byteSize, KIB } from '../../common/byte-size.ts';
import type { FormField } from '../../document/form-fields.ts';
import { ApiError } from '../../errors/api-error.ts';
import { oneOf } from '../../errors/message-text.ts';
import { unknownFieldError } from '../../errors/unknown-names.ts';
import type { BodyShare } from './body-budget.ts';
import { bodyDeadline } from './body-deadline.ts';

/** The bytes of each field that was sent. */
export type FormParts = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

export interface FormReading {
  /** The header as sent, with the boundary. */
  contentType: string;
  fields: ReadonlyMap<string, FormField>;
  share: BodyShare;
  timeoutMs: number;
}

/** The limit for boundaries and headers, per field. */
const OVERHEAD_BYTES = 8 * KIB;
const PART_HEADER_BYTES = 4 * KIB;
const PART_HEADERS = 16;
/**
 * The bytes that the parser gets at once. A part can have a few bytes, and each part takes a tenth of a millisecond.
 */
const SLICE_BYTES = 2 * KIB;

/**
 * Reads a form (RFC 7578) into memory. Rejects it at the first byte beyond a limit and at the first unknown field.
 * Writes nothing to disk.
 *
 * Uses @fastify/busboy, not multer like the validator: multer reads fields into nested objects by their names, and
 * reads files before the form is checked. Not busboy, which cannot treat every part as bytes: it decodes texts by the
 * charset that they declare.
 *
 * @throws {ApiError} 400, 408, 413, 422 or 503 as the document says
 */
export function readForm(
  request: Request,
  { contentType, fields, share, timeoutMs }: FormReading,
): Promise<FormParts> {
  const fieldBytes = [...fields.values()].reduce((sum, field) => sum + field.maxBytes + OVERHEAD_BYTES, 0);
  const maxBytes = Math.ceil(fieldBytes / KIB) * KIB;
  if (request.destroyed) throw malformed(new Error('The connection was closed.'));
  const announced = Number(request.headers['content-length'] ?? 0);
  const largest = Math.max(...[...fields.values()].map((field) => field.maxBytes));
  if (announced > maxBytes) throw tooLarge(largest);

  return new Promise((resolve, reject) => {
    // One more than the fields, so that its error can name it.
    const form = newForm(contentType, fields.size + 1);
    const slices = slicer(SLICE_BYTES);
    const fail = (error: unknown) => {
      cancelDeadline();
      // Read the rest and drop it, so that the client gets the response and can use the connection again.
      slices.unpipe(form);
      request.unpipe(slices).resume();
      reject(error instanceof ApiError ? error : malformed(error));
    };
    /** Wraps a listener: its errors reject the form. */
    const catching =
      <Given extends unknown[]>(listener: (...given: Given) => void) =>
      (...given: Given): void => {
        try {
          listener(...given);
        } catch (error) {
          fail(error);
        }
      };

    const cancelDeadline = bodyDeadline(request, timeoutMs, fail);
    const pieces = new Map<string, Buffer[]>();
    form.on(
      'file',
      catching((name: string | undefined, file: BusboyFileStream) => {
        file.on('error', fail).resume();
        const field = expected(name, fields, pieces);
        const own: Buffer[] = [];
        pieces.set(field.name, own);
        let size = 0;
        const keep = (piece: Buffer) => {
          size += piece.length;
          requireWithin(size, field);
          share.take(piece.length);
          own.push(piece);
        };
        file.on('data', catching(keep));
      }),
    );
    form.on('error', fail);
    form.on('partsLimit', () => fail(tooManyParts(fields.size)));
    form.on(
      'finish',
      catching(() => resolve(whole(pieces, fields))),
    );

    let received = 0;
    const count = (chunk: Buffer) => {
      received += chunk.length;
      if (received > maxBytes) throw tooLarge(largest);
    };
    request.on('data', catching(count)).once('error', fail);
    // A client that disconnects during an upload emits neither `error` nor `end`.
    request.once('close', () => {
      if (!request.complete) fail(new Error('The connection was closed.'));
    });
    request.pipe(slices).pipe(form);
  });
}

function newForm(contentType: string, maxParts: number): BusboyInstance {
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      isPartAFile: () => true,
      limits: { parts: maxParts, headerPairs: PART_HEADERS, headerSize: PART_HEADER_BYTES },
    });
  } catch (error) {
    throw malformed(error);
  }
}

/** Returns a stream that splits chunks, so that a reader can stop before the end of a chunk. */
function slicer(bytes: number): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      for (let start = 0; start < chunk.length; start += bytes) {
        this.push(chunk.subarray(start, start + bytes));
      }
      done();
    },
  });
}

type NamedField = FormField & { name: string };

function expected(
  name: string | undefined,
  fields: ReadonlyMap<string, FormField>,
  known: ReadonlyMap<string, unknown>,
): NamedField {
  const field = name === undefined ? undefined : fields.get(name);
  if (name === undefined || field === undefined) {
    const names = [...fields.keys()];
    if (name !== undefined) throw unknownFieldError([], name, names);
    throw new ApiError('body.unknown_field', { situation: 'unnamed', values: { allowed: oneOf(names) } });
  }
  if (known.has(name)) {
    throw new ApiError('body.invalid', {
      situation: 'part_repeated',
      param: name,
    });
  }
  return { ...field, name };
}

function requireWithin(bytes: number, { name, isFile, maxBytes, maxCharacters }: NamedField): void {
  if (bytes <= maxBytes) return;
  throw isFile
    ? new ApiError('body.too_large', {
        situation: 'file',
        values: { field: name, limit: byteSize(maxBytes) },
        param: name,
      })
    : new ApiError('body.invalid', {
        situation: 'part_long',
        values: { limit: maxCharacters },
        param: name,
      });
}

function whole(pieces: ReadonlyMap<string, Buffer[]>, fields: ReadonlyMap<string, FormField>): FormParts {
  const parts = [...pieces].map(([name, own]) => [name, Buffer.concat(own)] as const);
  for (const [name, bytes] of parts) {
    if (bytes.length >= (fields.get(name)?.minBytes ?? 0)) continue;
    throw new ApiError('body.invalid', {
      situation: 'part_empty',
      param: name,
    });
  }
  return new Map(parts);
}

function tooManyParts(fieldCount: number): ApiError {
  return new ApiError('body.invalid', { situation: 'parts', values: { limit: fieldCount } });
}

/** Names the limit of the largest field, which says more than the limit of the whole form with its overhead. */
function tooLarge(largestField: number): ApiError {
  return new ApiError('body.too_large', { situation: 'body', values: { limit: byteSize(largestField) } });
}

function malformed(cause: unknown): ApiError {
  return new ApiError('body.malformed', { situation: 'form', cause });
}
