import { expect, test } from '@jest/globals';

import { isValidatorError, refusalOf } from './validation-errors.ts';

const violation = (path: string, errorCode: string, message = 'must be string') => ({
  path,
  errorCode,
  message,
});
const request = { body: { avatarId: 'av_stock_001' }, query: {}, path: '', headers: {} };
const refused = (...errors: ReturnType<typeof violation>[]) => {
  const { code, param, status } = refusalOf({ status: 400, message: '', errors }, 'sessions.create', request);
  return { code, param, status };
};

test('a violation of the body is named by its dot path', () => {
  expect(refused(violation('/body/transport/url', 'type.openapi.validation'))).toEqual({
    code: 'body.invalid',
    param: 'transport.url',
    status: 422,
  });
  expect(refused(violation('/body', 'type.openapi.validation')).param).toBeNull();
});

test('what JSON pointers escape is written as it was', () => {
  expect(refused(violation('/body/metadata/a~1b~0c', 'type.openapi.validation')).param).toBe(
    'metadata.a/b~c',
  );
});

test('an unknown field goes before the missing one that it was meant to be', () => {
  const missing = violation('/body/avatar_id', 'required.openapi.validation');
  const unknown = violation('/body/avatarId', 'additionalProperties.openapi.validation');
  expect(refused(missing, unknown)).toMatchObject({ code: 'body.unknown_field', param: 'avatarId' });
});

test('a header is named as the document writes it', () => {
  expect(refused(violation('/headers/idempotency-key', 'maxLength.openapi.validation'))).toEqual({
    code: 'parameter.invalid',
    param: 'Idempotency-Key',
    status: 422,
  });
});

test('a parameter has the code that the document gives to its invalid values', () => {
  const errors = [violation('/query/status', 'enum.openapi.validation')];
  const { code, status } = refusalOf({ status: 400, message: '', errors }, 'sessions.list', request);
  expect({ code, status }).toEqual({ code: 'status.unknown', status: 400 });
});

test('a violation that says nothing is still a refusal', () => {
  expect(refused()).toMatchObject({ code: 'body.invalid', status: 422 });
});

test('only what looks like the validator’s error is taken for one', () => {
  expect(isValidatorError(Object.assign(new Error('x'), { status: 400, errors: [] }))).toBe(true);
  for (const other of [
    new Error('x'),
    { status: 400, errors: [] },
    null,
    'x',
    Object.assign(new Error('x'), { status: 400 }),
  ]) {
    expect(isValidatorError(other)).toBe(false);
  }
});
