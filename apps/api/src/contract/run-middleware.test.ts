import { expect, test } from '@jest/globals';
import express, { type RequestHandler } from 'express';

import { runMiddleware } from './run-middleware.ts';

const ERROR = new Error('failed');
const run = (handler: RequestHandler) =>
  runMiddleware(handler, express.request, express.response, () => undefined);

test('resolves when the handler calls next', async () => {
  await expect(run((_request, _response, next) => next())).resolves.toBeUndefined();
});

test.each<[string, RequestHandler]>([
  ['passes to next', (_request, _response, next) => next(ERROR)],
  [
    'throws',
    () => {
      throw ERROR;
    },
  ],
  ['rejects with', () => Promise.reject(ERROR)],
])('rejects with the error that the handler %s', async (_name, handler) => {
  await expect(run(handler)).rejects.toBe(ERROR);
});

test('passes a later error to the given next', async () => {
  let callNext: (error: Error) => void = () => undefined;
  const errors: unknown[] = [];
  const handler: RequestHandler = (_request, _response, next) => {
    callNext = next;
    next();
  };
  await runMiddleware(handler, express.request, express.response, (error) => {
    errors.push(error);
  });
  callNext(ERROR);
  expect(errors).toEqual([ERROR]);
});
