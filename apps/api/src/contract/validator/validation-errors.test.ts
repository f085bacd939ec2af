import { expect, test } from '@jest/globals';

import { isValidatorError, validationError } from './validation-errors.ts';

const issue = (path: string, errorCode: string, message = 'must be string') => ({
  path,
  errorCode,
  message,
});
const request = { body: { avatarId: 'av_stock_001' }, query: {}, params: {}, headers: {} };
const apiError = (...errors: ReturnType<typeof issue>[]) => {
  const { code, param } = validationError({ status: 400, message: '', errors }, 'sessions.create', request);
  return { code, param };
};

test('an issue of the body is named by its dot path', () => {
  expect(apiError(issue('/body/transport/url', 'type.openapi.validation'))).toEqual({
    code: 'body.invalid',
    param: 'transport.url',
  });
  expect(apiError(issue('/body', 'type.openapi.validation')).param).toBeNull();
});

test('a field whose name a JSON pointer escapes is named unescaped', () => {
  expect(apiError(issue('/body/metadata/a~1b~0c', 'type.openapi.validation')).param).toBe('metadata.a/b~c');
});

test('an unknown field is reported before the missing one that it is likely to mean', () => {
  const missing = issue('/body/avatar_id', 'required.openapi.validation');
  const unknown = issue('/body/avatarId', 'additionalProperties.openapi.validation');
  expect(apiError(missing, unknown)).toMatchObject({ code: 'body.unknown_field', param: 'avatarId' });
});

test('a header is named as the document writes it', () => {
  expect(apiError(issue('/headers/idempotency-key', 'maxLength.openapi.validation'))).toEqual({
    code: 'parameter.invalid',
    param: 'Idempotency-Key',
  });
});

test('a parameter has the code that the document gives to its invalid values', () => {
  const errors = [issue('/query/status', 'enum.openapi.validation')];
  const { code } = validationError({ status: 400, message: '', errors }, 'sessions.list', request);
  expect(code).toBe('status.unknown');
});

test('an error without issues is still an error of the body', () => {
  expect(apiError()).toMatchObject({ code: 'body.invalid' });
});

test('only an error with a status and a list of issues counts as the validator’s', () => {
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
