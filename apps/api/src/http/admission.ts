import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';

import { ApiError } from '../errors/api-error.ts';
import { isEnd, shareOf } from './caller-concurrency.ts';

/** The part of a process's capacity that one caller may use. */
const CALLER_SHARE = 1 / 4;
/** The additional part for ending sessions: a program that stops may end all of its sessions at once. */
const END_SHARE = 1 / 2;

/** Rejects requests beyond the capacity of the process, and all requests while it is draining. */
export class Admission {
  readonly #maxInFlight: number;
  readonly #log: Logger;
  readonly #inFlightByCaller = new Map<string, number>();
  #inFlight = 0;
  #draining = false;

  constructor(maxInFlight: number, log: Logger) {
    this.#log = log;
    this.#maxInFlight = maxInFlight;
  }

  /** Rejects new requests from now on. Requests in progress finish. */
  drain(): void {
    this.#draining = true;
  }

  /** Accepts requests until the process drains. */
  readonly whileOpen: RequestHandler = (_request: Request, response: Response, next: NextFunction) => {
    if (this.#draining) {
      response.setHeader('Connection', 'close');
      throw new ApiError('draining', {
        values: { seconds: 1 },
      });
    }
    next();
  };

  /**
   * Accepts requests up to the capacity of the process, and up to a share of it for one caller.
   * Comes after the body: a request that is still arriving takes no capacity.
   */
  readonly withinCapacity: RequestHandler = (request: Request, response: Response, next: NextFunction) => {
    if (response.closed) return;
    const caller = shareOf(request);
    const share = isEnd(request) ? END_SHARE : CALLER_SHARE;
    if (this.#inFlight >= this.#maxInFlight) throw atCapacity('server');
    const inFlight = this.#inFlightByCaller.get(caller) ?? 0;
    if (inFlight >= Math.ceil(this.#maxInFlight * share)) throw atCapacity('caller');
    this.#count(caller, 1);
    request.context.withoutCapacity = async (wait) => {
      this.#count(caller, -1);
      this.#log.debug({ request_id: request.context.id }, 'request is waiting');
      try {
        return await wait();
      } finally {
        this.#count(caller, 1);
      }
    };
    response.once('close', () => this.#count(caller, -1));
    next();
  };

  #count(caller: string, change: 1 | -1): void {
    this.#inFlight += change;
    const inFlight = (this.#inFlightByCaller.get(caller) ?? 0) + change;
    if (inFlight === 0) this.#inFlightByCaller.delete(caller);
    else this.#inFlightByCaller.set(caller, inFlight);
  }
}

function atCapacity(situation: 'caller' | 'server'): ApiError {
  return new ApiError('at_capacity', {
    situation,
    values: { seconds: 1 },
  });
}
