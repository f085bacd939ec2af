import { createSocket, type Socket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';

import { afterEach, expect, test } from '@jest/globals';

import { resolveHost } from './resolve-host.ts';

/** Types of records (RFC 1035, section 3.2.2, and RFC 3596). */
const A = 1;
const AAAA = 28;
const ADDRESSES = new Map([
  [A, Buffer.from([192, 0, 2, 1])],
  [AAAA, Buffer.from('20010db8000000000000000000000001', 'hex')],
]);
const HEADER_BYTES = 12;

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

/** Starts a name server that responds only to queries for some types. */
async function nameServer(...types: number[]): Promise<Resolver> {
  const socket = createSocket('udp4');
  sockets.push(socket);
  socket.on('message', (query, { port, address }) => {
    const type = query.readUInt16BE(query.indexOf(0, HEADER_BYTES) + 1);
    const data = ADDRESSES.get(type);
    if (types.includes(type) && data !== undefined) socket.send(answer(query, type, data), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const resolver = new Resolver({ timeout: 3_000, tries: 2 });
  resolver.setServers([`127.0.0.1:${socket.address().port}`]);
  return resolver;
}

/** Returns a response with one record (RFC 1035, section 4.1). */
function answer(query: Buffer, type: number, data: Buffer): Buffer {
  const question = query.subarray(HEADER_BYTES, query.indexOf(0, HEADER_BYTES) + 5);
  const header = Buffer.from(query.subarray(0, HEADER_BYTES));
  header.writeUInt16BE(0x8180, 2);
  header.writeUInt16BE(1, 6);
  header.writeUInt16BE(0, 10);
  const record = Buffer.alloc(12);
  // The name is that of the question.
  record.writeUInt16BE(0xc00c, 0);
  record.writeUInt16BE(type, 2);
  record.writeUInt16BE(1, 4);
  record.writeUInt32BE(60, 6);
  record.writeUInt16BE(data.length, 10);
  return Buffer.concat([header, question, record, data]);
}

test('a host has the addresses of both families, IPv4 first', async () => {
  expect(await resolveHost('hooks.example', await nameServer(A, AAAA))).toEqual(['192.0.2.1', '2001:db8::1']);
});

test('a lost response delays the addresses of the other family only for a moment', async () => {
  const startedAtMs = performance.now();
  expect(await resolveHost('hooks.example', await nameServer(A))).toEqual(['192.0.2.1']);
  expect(await resolveHost('hooks.example', await nameServer(AAAA))).toEqual(['2001:db8::1']);
  expect(performance.now() - startedAtMs).toBeLessThan(3_000);
});
