import { lookup } from 'node:dns/promises';

import ipaddr from 'ipaddr.js';

import { PerformanceError } from '../avatar/performance-error.ts';

/**
 * Rejects a LiveKit server that is not on the public internet, so that a customer's URL cannot reach the operator's
 * private network (OWASP: server-side request forgery).
 *
 * @throws {PerformanceError} `room.unreachable` when the host has no address, or one that is not public
 */
export async function assertPublicAddress(url: string): Promise<void> {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  const addresses = await lookup(host, { all: true }).catch(() => {
    throw new PerformanceError('room.unreachable', `The host name ${host} cannot be resolved.`);
  });
  if (!addresses.every(({ address }) => isPublic(address))) {
    throw new PerformanceError(
      'room.unreachable',
      `${host} is not a public address. This worker joins only LiveKit servers on public addresses.`,
    );
  }
}

/** Cloud metadata services outside the private ranges: Azure's WireServer. */
const METADATA_ADDRESSES: ReadonlySet<string> = new Set(['168.63.129.16']);

/** IPv4-compatible IPv6 addresses (RFC 4291, 2.5.5.1). Deprecated, but some systems route them to the IPv4 address. */
const IPV4_COMPATIBLE = ipaddr.IPv6.parseCIDR('::/96');

/** Returns whether an address is public (IANA special-purpose address registries) and serves no cloud metadata. */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  // Converts an IPv4-mapped IPv6 address to its IPv4 address.
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv6 && parsed.match(IPV4_COMPATIBLE)) return false;
  return parsed.range() === 'unicast' && !METADATA_ADDRESSES.has(parsed.toString());
}
