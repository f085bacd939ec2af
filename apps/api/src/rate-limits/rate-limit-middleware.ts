import type { Request, Response } from 'express';
import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';

import type { RateLimitConfig } from '../common/config.ts';
import { ApiError } from '../errors/api-error.ts';
import {
  BURST_SECONDS,
  policiesOf,
  type Caller,
  type PolicyName,
  type RateLimiter,
  type RateLimitState,
} from './rate-limiter.ts';

/**
 * Returns a function that takes a request from the policies of a key, announces them and rejects a request beyond them. An
 * operation without policies, such as the end of a session, announces the first one. A caller without a usable key was
 * already limited by its address in `authenticate`. A worker's key, which has one policy, is charged once.
 */
export function rateLimit(names: readonly PolicyName[], limiter: RateLimiter, config: RateLimitConfig) {
  return ({ context: { identity } }: Request, response: Response): void => {
    if (identity.kind === 'anonymous') return;
    const policies = policiesOf(identity, config);
    const caller: Caller = { kind: 'key', id: identity.keyId };
    const states =
      names.length === 0
        ? [limiter.peek(caller, policies.requests)]
        : [...new Set(names.map((name) => policies[name]))].map((policy) => limiter.take(caller, policy));
    enforce(states, response);
  };
}

/** The rate limit of requests without a key that this process knows, by address. */
export interface AddressLimit {
  /** Returns the headers that announce the limit of an address. */
  readonly headers: (address: string | undefined) => Map<string, string>;
  /** Announces the limit of the address in a response that announces none. */
  announce(request: Request, response: Response): void;
  /**
   * Takes a request.
   *
   * @throws {ApiError} 429 when the address has none left
   */
  take(request: Request, response: Response): void;
  /**
   * Takes the cost of a look-up.
   *
   * @throws {ApiError} 429 when the address has less left
   */
  takeLookup(request: Request, response: Response): void;
  /** Returns the cost of a look-up that found a key, except for one request. */
  refundLookup(request: Request): void;
}

const LIMIT_HEADER = 'RateLimit';
/** The cost of a key that must be looked up, until it is found. */
const LOOKUP_COST = 20;

/** Returns the limits of callers without a usable key, by address. */
export function addressLimit(limiter: RateLimiter, config: RateLimitConfig): AddressLimit {
  const { requests } = policiesOf({ kind: 'anonymous', error: null }, config);
  const take = (cost: number) => (request: Request, response: Response) => {
    enforce([limiter.take(addressCaller(request.ip), requests, cost)], response);
  };
  const headers = (address: string | undefined) =>
    headersOf([limiter.peek(addressCaller(address), requests)]);
  return {
    headers,
    announce(request, response) {
      if (!response.hasHeader(LIMIT_HEADER)) response.setHeaders(headers(request.ip));
    },
    take: take(1),
    takeLookup: take(LOOKUP_COST),
    refundLookup(request) {
      limiter.refund(addressCaller(request.ip), requests, LOOKUP_COST, { kept: 1 });
    },
  };
}

/**
 * Announces the limits.
 *
 * @throws {ApiError} 429 if one of them is exceeded
 */
function enforce(states: RateLimitState[], response: Response): void {
  response.setHeaders(headersOf(states));
  const exceeded = states.find((state) => !state.allowed);
  if (exceeded === undefined) return;
  const { policy, resetSeconds } = exceeded;
  throw new ApiError('rate_limit.exceeded', {
    values: {
      policy: policy.name,
      rate: policy.ratePerSecond,
      burst: policy.burst,
      seconds: resetSeconds,
    },
  });
}

function addressCaller(ip: string | undefined): Caller {
  return { kind: 'address', id: networkOf(ip) };
}

/** Caches networks of addresses, because parsing one takes longer than a look-up. */
const NETWORKS = new LRUCache<string, string>({ max: 10_000 });

/**
 * Returns the name of an address, or of its network: a /64 network of IPv6 is one caller, because one owner has all of
 * its addresses.
 */
export function networkOf(ip = ''): string {
  const known = NETWORKS.get(ip);
  if (known !== undefined) return known;
  const network = parsedNetwork(ip);
  NETWORKS.set(ip, network);
  return network;
}

function parsedNetwork(ip: string): string {
  if (!ipaddr.isValid(ip)) return 'unknown';
  const address = ipaddr.process(ip);
  return address.kind() === 'ipv6' ? address.toByteArray().slice(0, 8).join('.') : address.toString();
}

/**
 * Returns headers as in draft-ietf-httpapi-ratelimit-headers-10: `q` requests in each window of `w` seconds; `r` left,
 * `t` seconds until the quota is whole again.
 */
function headersOf(states: RateLimitState[]): Map<string, string> {
  const policies = states.map(({ policy }) => `"${policy.name}";q=${policy.burst};w=${BURST_SECONDS}`);
  const left = states.map(({ policy, remaining, resetSeconds }) => {
    return `"${policy.name}";r=${remaining};t=${resetSeconds}`;
  });
  return new Map([
    ['RateLimit-Policy', policies.join(', ')],
    [LIMIT_HEADER, left.join(', ')],
  ]);
}
