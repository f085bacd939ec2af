/** Preloaded into an API process: `rebound.example` has a public address at first, and then that of a cloud's metadata. */
import { promises as dns } from 'node:dns';

const { resolve4 } = dns.Resolver.prototype;
let resolutions = 0;

dns.Resolver.prototype.resolve4 = function (host, ...options) {
  if (host !== 'rebound.example') return Reflect.apply(resolve4, this, [host, ...options]);
  resolutions += 1;
  // Whatever is at the first, its certificate is for another name.
  return Promise.resolve([resolutions === 1 ? '203.0.114.1' : '169.254.169.254']);
};
