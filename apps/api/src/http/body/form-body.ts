import { type OperationId, operationTable } from '@greenroom/contract';
import type { RequestHandler } from 'express';

import { MIB } from '../../common/byte-size.ts';
import { formFields, type FormField } from '../../document/form-fields.ts';
import { ApiError } from '../../errors/api-error.ts';
import { callerOf } from '../caller-concurrency.ts';
import { BodyBudget } from './body-budget.ts';
import { readForm, type FormParts } from './form-parts.ts';
import { requireMediaType } from './media-type.ts';
import { isStorable, unstorableTextError } from './postgres-text.ts';

/** Shared by the process: two of the largest forms for one caller, or many of the usual size. */
const budget = new BodyBudget({ totalBytes: 64 * MIB, callerBytes: 24 * MIB });

/** Reads a form within `timeoutMs`: files as bytes, other fields as text. */
export function formBody(id: OperationId, timeoutMs: number): RequestHandler {
  const accepted: readonly string[] = operationTable[id].requestContentTypes;
  const fields = formFields(id);
  return async (request, response, next) => {
    const contentType = requireMediaType(request, accepted);
    requirePlain(request.headers['content-encoding']);
    const share = budget.open(callerOf(request));
    // Holds the bytes until the response ends.
    response.once('close', () => share.release());
    const parts = await readForm(request, { contentType, fields, share, timeoutMs });
    request.body = bodyOf(parts, fields);
    next();
  };
}

/** Rejects a compressed form: images are already compressed, so it is either pointless or a decompression bomb. */
function requirePlain(encoding: string | undefined): void {
  if (encoding === undefined || encoding.toLowerCase() === 'identity') return;
  throw new ApiError('content_type.unsupported', { situation: 'form_encoding' });
}

function bodyOf(parts: FormParts, fields: ReadonlyMap<string, FormField>): Record<string, unknown> {
  return Object.fromEntries(
    [...parts].map(([name, bytes]) => [
      name,
      fields.get(name)?.isFile === true ? bytes : textOf(name, bytes),
    ]),
  );
}

function textOf(name: string, bytes: Uint8Array): string {
  const text = decoded(name, bytes);
  if (!isStorable(text)) throw unstorableTextError([name]);
  return text;
}

function decoded(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new ApiError('body.malformed', {
      situation: 'field_utf8',
      values: { field: name },
      param: name,
      cause: error,
    });
  }
}
