/** Compiled, not run. Code that must not compile is marked, and an unused mark does not compile either. */
import { ApiError } from '../../src/errors/api-error.ts';

declare const kind: 'worker' | 'customer';
const values = { session_id: 'sess_1' };

export const sound = [
  new ApiError('internal'),
  new ApiError('internal', { cause: new Error('why') }),
  new ApiError('session.not_found', { values, param: 'session_id' }),
  new ApiError('session.not_found', { situation: 'worker', values }),
  new ApiError('cursor.unknown', { param: 'starting_after' }),
  // One of several situations whose messages take the same parameters.
  new ApiError('api_key.wrong_kind', { situation: kind }),
];

export const wrong = [
  // @ts-expect-error The document has no such code.
  new ApiError('session.lost'),
  // @ts-expect-error The message comes only from the template.
  new ApiError('internal', { message: 'Oops.' }),
  // @ts-expect-error The code has no such situation.
  new ApiError('session.not_found', { situation: 'gone', values }),
  // @ts-expect-error The code has several situations and none is the default.
  new ApiError('at_capacity', { values: { seconds: 1 } }),
  // @ts-expect-error A parameter of the template is missing.
  new ApiError('session.not_found'),
  // @ts-expect-error The template has no such parameter.
  new ApiError('session.not_found', { values: { ...values, limit: 1 } }),
  // @ts-expect-error The template names the parameter at fault.
  new ApiError('cursor.unknown'),
];
