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

/** Whether anybody on the internet could reach this address (IANA's special-purpose registries). */
export function isPublic(address: string): boolean {
  // An IPv4 address in IPv6 clothing is judged as what it is.
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
}
