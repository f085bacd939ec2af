import { expect, test } from '@jest/globals';
import express, { type RequestHandler } from 'express';

import { passed } from './passed.ts';

const FAULT = new Error('fault');
const pass = (handler: RequestHandler) => passed(handler, express.request, express.response, () => undefined);

test('a handler that passes the request on is over', async () => {
  await expect(pass((_request, _response, next) => next())).resolves.toBeUndefined();
});

test.each<[string, RequestHandler]>([
  ['passes on', (_request, _response, next) => next(FAULT)],
  [
    'throws',
    () => {
      throw FAULT;
    },
  ],
  ['rejects with', () => Promise.reject(FAULT)],
])('the error that a handler %s is the caller’s', async (_name, handler) => {
  await expect(pass(handler)).rejects.toBe(FAULT);
});

test('an error that a handler passes on later goes to the next handler', async () => {
  let passOn: (error: Error) => void = () => undefined;
  const errors: unknown[] = [];
  const handler: RequestHandler = (_request, _response, next) => {
    passOn = next;
    next();
  };
  await passed(handler, express.request, express.response, (error) => {
    errors.push(error);
  });
  passOn(FAULT);
  expect(errors).toEqual([FAULT]);
});
