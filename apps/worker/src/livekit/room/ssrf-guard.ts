import { lookup } from 'node:dns/promises';

import ipaddr from 'ipaddr.js';

import { RoomError } from './room-error.ts';

/**
 * Refuses a LiveKit server that is not on the public internet, so that a customer's URL cannot reach what is private
 * to the operator (server-side request forgery, OWASP).
 *
 * @throws {RoomError} `room.unreachable` where the host has no address or one that is not public
 */
export async function refusePrivateAddresses(url: string): Promise<void> {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  const found = await lookup(host, { all: true }).catch(() => {
    throw new RoomError('room.unreachable', `The name ${host} has no address.`);
  });
  if (!found.every(({ address }) => isPublic(address))) {
    throw new RoomError(
      'room.unreachable',
      `${host} is not a public address, and this worker joins only rooms on public ones.`,
    );
  }
}

/** Cloud metadata services on addresses that are otherwise public: Azure's WireServer. The others are in private ranges. */
const METADATA_ADDRESSES: ReadonlySet<string> = new Set(['168.63.129.16']);

/** IPv4-compatible IPv6 addresses (RFC 4291, 2.5.5.1), deprecated: some systems still route them to the IPv4 address. */
const IPV4_COMPATIBLE = ipaddr.IPv6.parseCIDR('::/96');

/** Whether an address is on the public internet (IANA's special-purpose registries) and serves no cloud metadata. */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  // Judges an IPv4-mapped IPv6 address as its IPv4 address.
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv6 && parsed.match(IPV4_COMPATIBLE)) return false;
  return parsed.range() === 'unicast' && !METADATA_ADDRESSES.has(parsed.toString());
}
