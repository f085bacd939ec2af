import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import {
  connect,
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
  type Socket,
} from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, describe, expect, test } from '@jest/globals';

import { selfSigned } from '../../test/harness/self-signed.ts';
import { isAllowedAddress } from './address-policy.ts';
import { EXCERPT_BYTES, postOutbound, type OutboundRequest } from './outbound-request.ts';

const servers: (Server | TcpServer)[] = [];
const programs: ChildProcess[] = [];
const sockets: Socket[] = [];
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  for (const program of programs) program.kill('SIGKILL');
  for (const server of servers) {
    if ('closeAllConnections' in server) server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(server: Server | TcpServer): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function serving(listener: RequestListener): Promise<{ port: number; requests: number }> {
  const state = { port: 0, requests: 0 };
  const server = createServer((request, response) => {
    state.requests += 1;
    request.resume();
    listener(request, response);
  });
  state.port = await listen(server);
  return state;
}

const DEVELOPMENT = { policy: { allowLoopback: true } };

function post(url: string, options: Partial<OutboundRequest> = {}) {
  return postOutbound({
    url: new URL(url),
    headers: { 'Content-Type': 'application/json' },
    body: '{}',
    timeoutMs: 10_000,
    policy: { allowLoopback: false },
    ...options,
  });
}

describe('an address is rejected', () => {
  test.each([
    ...['127.0.0.1', '127.255.0.1', '10.0.0.1', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1'],
    ...['0.0.0.0', '224.0.0.1', '255.255.255.255', '192.0.0.192', '198.18.0.1', '240.0.0.1', '168.63.129.16'],
    ...['::', '::1', 'fe80::1', 'fc00::1', 'fd00:ec2::254', 'ff02::1', 'fec0::1', '2001:db8::1'],
    ...['::ffff:127.0.0.1', '::ffff:8.8.8.8', '::7f00:1', '::127.0.0.1', '::ffff:0:7f00:1'],
    ...[
      '64:ff9b::7f00:1',
      '64:ff9b:1::a00:1',
      '2002:7f00:1::1',
      '2001:0:7f00:1::',
      '4000::1',
      'fe80::1%eth0',
    ],
    'not an address',
  ])('%s', (address) => {
    expect(isAllowedAddress(address, { allowLoopback: false })).toBe(false);
  });

  test.each(['10.0.0.1', '169.254.169.254', 'fd00:ec2::254', '::ffff:127.0.0.1'])(
    '%s in development',
    (address) => {
      expect(isAllowedAddress(address, { allowLoopback: true })).toBe(false);
    },
  );
});

test('public addresses are allowed, and loopback in development', () => {
  for (const address of ['8.8.8.8', '2606:4700::1111']) {
    expect(isAllowedAddress(address, { allowLoopback: false })).toBe(true);
  }
  for (const address of ['127.0.0.1', '::1']) {
    expect(isAllowedAddress(address, { allowLoopback: true })).toBe(true);
  }
});

describe('no connection is made to', () => {
  test.each([
    ...['127.0.0.1', '0x7f000001', '2130706433', '127.1', '0177.0.0.1', '127.0.0.1.', '[::1]'],
    ...['[::ffff:127.0.0.1]', '[::7f00:1]', '[64:ff9b::7f00:1]', 'localhost', 'localhost.', 'a.localhost'],
    ...['169.254.169.254', '[fd00:ec2::254]', '0.0.0.0', '0'],
  ])('%s', async (host) => {
    const server = await serving((_request, response) => response.end());
    await expect(post(`http://${host}:${server.port}/`)).rejects.toMatchObject({
      failure: 'address_refused',
    });
    expect(server.requests).toBe(0);
  });

  test('any of several addresses that are not public', async () => {
    const server = await serving((_request, response) => response.end());
    const resolve = async () => Promise.resolve(['127.0.0.1', '192.0.2.1', '10.0.0.1']);
    await expect(post(`http://mixed.example:${server.port}/`, { resolve })).rejects.toMatchObject({
      failure: 'address_refused',
    });
    expect(server.requests).toBe(0);
  });
});

test('a name is resolved once, so a second, private address is never used', async () => {
  const server = await serving((_request, response) => response.end('first'));
  let resolutions = 0;
  const resolve = async () => {
    resolutions += 1;
    return Promise.resolve([resolutions === 1 ? '127.0.0.1' : '10.0.0.1']);
  };
  const sent = post(`http://rebound.example:${server.port}/`, { ...DEVELOPMENT, resolve });
  await expect(sent).resolves.toEqual({ status: 200, excerpt: 'first' });
  expect({ resolutions, requests: server.requests }).toEqual({ resolutions: 1, requests: 1 });
});

test('a request goes to the address that was resolved, with the name of the host', async () => {
  let host: string | undefined;
  const server = await serving((request, response) => {
    host = request.headers.host;
    response.writeHead(201).end('thank you');
  });
  const resolve = async () => Promise.resolve(['127.0.0.1']);
  const response = await post(`http://hooks.example:${server.port}/in`, { ...DEVELOPMENT, resolve });
  expect(response).toEqual({ status: 201, excerpt: 'thank you' });
  expect(host).toBe(`hooks.example:${server.port}`);
});

test('a redirect is not followed', async () => {
  const server = await serving((_request, response) => {
    response.writeHead(302, { Location: 'http://169.254.169.254/latest/meta-data' }).end();
  });
  const response = await post(`http://127.0.0.1:${server.port}/`, DEVELOPMENT);
  expect(response.status).toBe(302);
  expect(server.requests).toBe(1);
});

describe('a host that does not finish', () => {
  test('times out when it accepts the connection and stays silent', async () => {
    const port = await listen(createTcpServer((socket) => socket.resume()));
    await expect(post(`http://127.0.0.1:${port}/`, { ...DEVELOPMENT, timeoutMs: 200 })).rejects.toMatchObject(
      { failure: 'timeout' },
    );
  });

  test('times out when it trickles headers', async () => {
    const port = await listen(
      createTcpServer((socket) => {
        socket.on('error', () => undefined).resume();
        socket.write('HTTP/1.1 200 OK\r\n');
        const timer = setInterval(() => socket.write('X: y\r\n'), 20);
        socket.once('close', () => {
          clearInterval(timer);
        });
      }),
    );
    await expect(post(`http://127.0.0.1:${port}/`, { ...DEVELOPMENT, timeoutMs: 300 })).rejects.toMatchObject(
      { failure: 'timeout' },
    );
  });

  test('is cut off when it trickles a body', async () => {
    const server = await serving((_request, response) => {
      response.writeHead(200).write('a');
      const timer = setInterval(() => response.write('b'), 20);
      response.once('close', () => {
        clearInterval(timer);
      });
    });
    const { status, excerpt } = await post(`http://127.0.0.1:${server.port}/`, DEVELOPMENT);
    expect(status).toBe(200);
    expect(excerpt).toMatch(/^ab*$/);
  });

  test('times out when its name is not resolved', async () => {
    const resolve = async () => new Promise<never>(() => undefined);
    await expect(post('https://hanging.example/', { resolve, timeoutMs: 50 })).rejects.toMatchObject({
      failure: 'timeout',
    });
  });
});

/** Starts a server at another loopback address of Linux, in a stopped process whose queue of connections is full. */
async function stoppedServer(atPort = 0): Promise<{ port: number; resume: () => void }> {
  const program = `
    const server = require('node:http').createServer((_request, response) => response.end('late'));
    server.listen({ host: '127.0.0.2', port: ${atPort}, backlog: 1 }, () => console.log(server.address().port));`;
  const child = spawn(process.execPath, ['--eval', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  programs.push(child);
  const port = Number(String((await once(child.stdout, 'data'))[0]));
  child.kill('SIGSTOP');
  let isFull = false;
  while (!isFull) {
    const socket = connect(port, '127.0.0.2');
    sockets.push(socket);
    await Promise.race([once(socket, 'connect'), delay(500)]);
    // Lets this process handle everything that arrived during its stall.
    await delay(1);
    isFull = socket.connecting;
  }
  return { port, resume: () => child.kill('SIGCONT') };
}

describe('a host with several addresses', () => {
  test('gets the time of a slow connection', async () => {
    const { port, resume } = await stoppedServer();
    const resolve = async () => Promise.resolve(['127.0.0.2', '127.0.0.3']);
    const sent = post(`http://slow.example:${port}/`, { ...DEVELOPMENT, resolve });
    setTimeout(resume, 500);
    // The first segment is lost, and sent again after a second.
    await expect(sent).resolves.toEqual({ status: 200, excerpt: 'late' });
  });

  test('is reached at the next address when one does not respond', async () => {
    const { port } = await serving((_request, response) => response.end('next'));
    await stoppedServer(port);
    const resolve = async () => Promise.resolve(['127.0.0.2', '127.0.0.1']);
    const sent = post(`http://partly.example:${port}/`, { ...DEVELOPMENT, resolve });
    await expect(sent).resolves.toEqual({ status: 200, excerpt: 'next' });
  });
});

test('only the beginning of a 1 GB response is read', async () => {
  let sent = 0;
  const server = await serving((_request, response) => {
    const block = Buffer.alloc(65_536, 'x');
    response.writeHead(200);
    const write = () => {
      while (sent < 1_000_000_000 && response.writable) {
        sent += block.length;
        if (!response.write(block)) break;
      }
    };
    response.on('drain', write).on('error', () => undefined);
    write();
  });
  const { excerpt } = await post(`http://127.0.0.1:${server.port}/`, DEVELOPMENT);
  expect(excerpt).toBe('x'.repeat(EXCERPT_BYTES));
  expect(sent).toBeLessThan(100_000_000);
});

test('an excerpt is bounded when several pieces arrive in one segment', async () => {
  const pieces = [600, 600, 2000, 2000].map((size) => `${size.toString(16)}\r\n${'x'.repeat(size)}\r\n`);
  const port = await listen(
    createTcpServer((socket) => {
      socket.on('error', () => undefined).resume();
      socket.write(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${pieces.join('')}0\r\n\r\n`);
    }),
  );
  const { excerpt } = await post(`http://127.0.0.1:${port}/`, DEVELOPMENT);
  expect(excerpt).toBe('x'.repeat(EXCERPT_BYTES));
});

test('an excerpt drops an incomplete last character and replaces NUL', async () => {
  const server = await serving((_request, response) => response.end(`\0${'é'.repeat(1000)}`));
  const { excerpt } = await post(`http://127.0.0.1:${server.port}/`, DEVELOPMENT);
  expect(excerpt).toBe(`\uFFFD${'é'.repeat(511)}`);
});

test('an untrusted certificate is rejected, even when the environment turns verification off', async () => {
  const names: string[] = [];
  const certificate = selfSigned('hooks.example');
  const server = createTlsServer({
    ...certificate,
    SNICallback: (name, done) => {
      names.push(name);
      done(null);
    },
  });
  const port = await listen(server);
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
  try {
    const resolve = async () => Promise.resolve(['127.0.0.1']);
    await expect(post(`https://hooks.example:${port}/`, { ...DEVELOPMENT, resolve })).rejects.toMatchObject({
      failure: 'tls_error',
    });
  } finally {
    delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
  }
  expect(names).toEqual(['hooks.example']);
});

test.each([
  ['no HTTP', 'hello\r\n\r\n', 'invalid_response'],
  ['headers without end', `HTTP/1.1 200 OK\r\nX: ${'y'.repeat(20_000)}`, 'invalid_response'],
  [
    'another protocol',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
    'invalid_response',
  ],
  ['nothing', '', 'connection_error'],
])('a server that sends %s has failed', async (_what, text, failure) => {
  const port = await listen(
    createTcpServer((socket) => {
      socket.on('error', () => undefined).resume();
      socket.end(text);
    }),
  );
  await expect(post(`http://127.0.0.1:${port}/`, DEVELOPMENT)).rejects.toMatchObject({ failure });
});

test('a connection that the server upgrades and keeps open is closed', async () => {
  let closed: Promise<void> | undefined;
  const port = await listen(
    createTcpServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => undefined).resume();
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n');
      closed = new Promise((resolve) => {
        socket.once('end', () => {
          socket.resetAndDestroy();
        });
        socket.once('close', () => {
          resolve();
        });
      });
    }),
  );
  await expect(post(`http://127.0.0.1:${port}/`, DEVELOPMENT)).rejects.toMatchObject({
    failure: 'invalid_response',
  });
  await closed;
});

test('a closed port is a connection error, and an unresolvable name a DNS error', async () => {
  await expect(post('http://127.0.0.1:1/', DEVELOPMENT)).rejects.toMatchObject({
    failure: 'connection_error',
  });
  await expect(post('http://nothing.invalid/')).rejects.toMatchObject({ failure: 'dns_error' });
});
