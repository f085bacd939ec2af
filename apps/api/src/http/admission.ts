import type { NextFunction, Request, RequestHandler, Response } from 'express';

import { ApiError } from './api-error.ts';

/** Refuses work that the process should not take on: too much at once, or any at all while it stops. */
export class Admission {
  readonly #maxInFlight: number;
  #inFlight = 0;
  #draining = false;

  constructor(maxInFlight: number) {
    this.#maxInFlight = maxInFlight;
  }

  /** From now on every new request is refused; those under way finish. */
  drain(): void {
    this.#draining = true;
  }

  /** Lets requests in until the process stops. */
  readonly whileOpen: RequestHandler = (_request: Request, response: Response, next: NextFunction) => {
    if (this.#draining) {
      response.setHeader('Connection', 'close');
      throw new ApiError('draining', {
        message:
          'This server is stopping. Nothing was changed; send the request again and another one takes it.',
        headers: { 'Retry-After': '1' },
      });
    }
    next();
  };

  /** Lets requests in up to as many at once as the process serves well. */
  readonly withinCapacity: RequestHandler = (request: Request, response: Response, next: NextFunction) => {
    if (this.#inFlight >= this.#maxInFlight) {
      throw new ApiError('at_capacity', {
        message:
          'The server has as many requests in hand as it can serve well. Nothing was changed; try again shortly.',
        headers: { 'Retry-After': '1' },
      });
    }
    this.#inFlight += 1;
    request.context.idle = async (wait) => {
      this.#inFlight -= 1;
      try {
        return await wait();
      } finally {
        this.#inFlight += 1;
      }
    };
    response.once('close', () => {
      this.#inFlight -= 1;
    });
    next();
  };
}
