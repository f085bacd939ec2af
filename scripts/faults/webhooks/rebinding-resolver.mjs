/**
 * Preloaded into an API process: `rebound.example` has an allowed address at first, and then one that the server always
 * rejects but that reaches the same listener on Linux.
 */
import { promises as dns } from 'node:dns';

const HOST = 'rebound.example';
const { resolve4, resolve6 } = dns.Resolver.prototype;
let resolutions = 0;

dns.Resolver.prototype.resolve4 = function (host, ...options) {
  if (host !== HOST) return Reflect.apply(resolve4, this, [host, ...options]);
  resolutions += 1;
  return Promise.resolve([resolutions === 1 ? '127.0.0.1' : '0.0.0.0']);
};

dns.Resolver.prototype.resolve6 = function (host, ...options) {
  if (host !== HOST) return Reflect.apply(resolve6, this, [host, ...options]);
  return Promise.reject(Object.assign(new Error(`queryAaaa ENODATA ${HOST}`), { code: 'ENODATA' }));
};
