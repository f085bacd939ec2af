import type { NextFunction, Request, Response } from 'express';
import ipaddr from 'ipaddr.js';

import type { AddressLimit } from '../authentication/authenticator.ts';
import type { RateLimitConfig } from '../common/config.ts';
import { ApiError } from '../errors/api-error.ts';
import type { RateLimitNames } from '../http/operations-router.ts';
import { BURST_SECONDS, policiesOf } from './policies.ts';
import type { Caller, RateLimiter, RateLimitState } from './rate-limiter.ts';

/**
 * Announces the caller's limits on the answer and refuses a call beyond them.
 *
 * Headers as in draft-ietf-httpapi-ratelimit-headers-10: `q` requests in each window of `w` seconds; `r`
 * left, `t` seconds until the quota is whole again. An operation that draws on no policy, such as those of
 * workers, still announces the first.
 */
export function rateLimit(names: RateLimitNames, limiter: RateLimiter, config: RateLimitConfig) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const { identity } = request.context;
    const policies = policiesOf(identity, config);
    const caller = callerOf(request);
    // Without a usable key the address has paid for this request already.
    const states =
      names.length === 0 || identity.kind === 'anonymous'
        ? [limiter.peek(caller, policies.requests)]
        : [...new Set(names.map((name) => policies[name]))].map((policy) => limiter.take(caller, policy));
    apply(states, response);
    next();
  };
}

/** What a key that must be looked up costs its address, until it turns out to be one. */
const LOOK_UP_COST = 20;

export function addressLimit(limiter: RateLimiter, config: RateLimitConfig): AddressLimit {
  const { requests } = policiesOf({ kind: 'anonymous', error: null }, config);
  const take = (cost: number) => (request: Request, response: Response) => {
    apply([limiter.take(addressCaller(request.ip), requests, cost)], response);
  };
  return {
    take: take(1),
    takeLookup: take(LOOK_UP_COST),
    refundLookup(request) {
      limiter.refund(addressCaller(request.ip), requests, LOOK_UP_COST - 1);
    },
  };
}

/** Announces the limits, and refuses the call where one of them is exhausted. */
function apply(states: RateLimitState[], response: Response): void {
  for (const [name, value] of announcement(states)) response.setHeader(name, value);
  const refused = states.find((state) => !state.allowed);
  if (refused === undefined) return;
  const { policy, resetSeconds } = refused;
  throw new ApiError('rate_limit.exceeded', {
    values: {
      policy: policy.name,
      rate: policy.ratePerSecond,
      burst: policy.burst,
      seconds: resetSeconds,
    },
    headers: { 'Retry-After': String(resetSeconds) },
  });
}

function callerOf({ context: { identity }, ip }: Request): Caller {
  return identity.kind === 'anonymous' ? addressCaller(ip) : { kind: 'key', id: identity.keyId };
}

/** A /64 network of IPv6 is one caller, because its owner can send from every address of it. */
function addressCaller(ip: string | undefined): Caller {
  if (ip === undefined || !ipaddr.isValid(ip)) return { kind: 'address', id: 'unknown' };
  const address = ipaddr.process(ip);
  const id = address.kind() === 'ipv6' ? address.toByteArray().slice(0, 8).join('.') : address.toString();
  return { kind: 'address', id };
}

/** The headers that tell a caller's limits. */
function announcement(states: RateLimitState[]): [name: string, value: string][] {
  return [
    [
      'RateLimit-Policy',
      states.map(({ policy }) => `"${policy.name}";q=${policy.burst};w=${BURST_SECONDS}`).join(', '),
    ],
    [
      'RateLimit',
      states
        .map(({ policy, remaining, resetSeconds }) => `"${policy.name}";r=${remaining};t=${resetSeconds}`)
        .join(', '),
    ],
  ];
}

/** What is announced to an address whose request never became one. */
export function addressAnnouncement(limiter: RateLimiter, config: RateLimitConfig) {
  return (address: string) =>
    announcement([
      limiter.peek(addressCaller(address), policiesOf({ kind: 'anonymous', error: null }, config).requests),
    ]);
}
