import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';

/** Returns the addresses of a host name. */
export type ResolveHost = (host: string) => Promise<readonly string[]>;

/** The time in which the addresses of the other family must arrive after those of the first (compare RFC 8305, section 3). */
const OTHER_FAMILY_MS = 300;
const TIMEOUT_MS = 3_000;
const TRIES = 2;
const LOOPBACK = ['127.0.0.1', '::1'];

/**
 * Returns the addresses of a host by DNS, IPv4 first.
 *
 * Does not use `dns.lookup`, which blocks one of the few threads of the process until the name server responds.
 *
 * @param resolver queries the name servers of the machine by default
 *
 * @throws {Error} when the host has no address
 */
export async function resolveHost(
  host: string,
  resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES }),
): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  // Never resolved by DNS (RFC 6761, section 6.3).
  if (/^(?:.+\.)?localhost\.?$/i.test(host)) return LOOPBACK;
  const families = [resolver.resolve4(host), resolver.resolve6(host)];
  let timer: NodeJS.Timeout | undefined;
  Promise.any(families).then(
    () => {
      timer = setTimeout(() => {
        resolver.cancel();
      }, OTHER_FAMILY_MS);
    },
    () => undefined,
  );
  const results = await Promise.allSettled(families);
  clearTimeout(timer);
  const addresses = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
  const failed = results.find((result) => result.status === 'rejected');
  if (addresses.length === 0) throw failed?.reason ?? new Error(`${host} has no address`);
  return addresses;
}
