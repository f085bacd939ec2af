import ipaddr from 'ipaddr.js';

/** The addresses that the server connects to for a customer. */
export interface AddressPolicy {
  /** Whether loopback addresses are allowed, for development. */
  allowLoopback: boolean;
}

/** Addresses in public ranges that reach a cloud's own services from inside it: Azure's, which also serves its metadata. */
const CLOUD_SERVICES: ReadonlySet<string> = new Set(['168.63.129.16']);
/** The addresses that IPv6 routes globally (RFC 4291). Everything else is local, reserved or embeds an IPv4 address. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');

/** Returns whether the server may connect to an address. Every range that is not known to be public is rejected. */
export function isAllowedAddress(text: string, { allowLoopback }: AddressPolicy): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  const range = address.range();
  if (range === 'loopback') return allowLoopback;
  if (range !== 'unicast' || CLOUD_SERVICES.has(address.toString())) return false;
  return address instanceof ipaddr.IPv4 || address.match(GLOBAL_IPV6);
}
