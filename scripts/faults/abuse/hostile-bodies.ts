import { brotliCompressSync, gzipSync } from 'node:zlib';

import { operationPaths } from '@greenroom/contract';

/** A request body and its headers. */
export interface HostileBody {
  path: string;
  headers: Record<string, string>;
  body: Buffer;
}

const MIB = 1024 * 1024;
/** About the maximum size of a create. */
const CREATE_BYTES = 70_000;

const filled = (text: string, bytes: number): string => text.repeat(Math.floor(bytes / text.length));
const members = (count: number, name: (index: number) => string): string =>
  `{${Array.from({ length: count }, (_, index) => `"${name(index)}":1`).join()}}`;
const nested = (open: string, close: string, bytes: number): string => {
  const depth = Math.floor(bytes / (open.length + close.length));
  return `${open.repeat(depth)}1${close.repeat(depth)}`;
};

function json(text: string | Buffer, encoding?: string): HostileBody {
  return {
    path: operationPaths['sessions.create'],
    headers: {
      'content-type': 'application/json',
      ...(encoding !== undefined && { 'content-encoding': encoding }),
    },
    body: Buffer.from(text),
  };
}

function form(text: string): HostileBody {
  return {
    path: operationPaths['avatars.create'],
    headers: { 'content-type': 'multipart/form-data; boundary=b' },
    body: Buffer.from(`${text}--b--\r\n`),
  };
}

/** Returns bodies that are as expensive to process as their size allows. The server must reject all of them. */
export function hostileBodies(): HostileBody[] {
  return [
    json(members(6_000, (index) => `k${index}`)),
    json(members(6_000, (index) => String(index * 65_536))),
    json(`{"metadata":${members(6_000, (index) => `k${index}`)}}`),
    json(nested('{"a":', '}', CREATE_BYTES)),
    json(nested('[', ']', CREATE_BYTES)),
    json(`[${filled('{},', CREATE_BYTES)}{}]`),
    json(`{"transport":{"url":"wss://${filled('a?', CREATE_BYTES - 60)} "}}`),
    json(`{"avatar_id":"${filled(String.raw`\u00e9`, CREATE_BYTES - 20)}"}`),
    json(`{"max_duration_seconds":1e${filled('9', CREATE_BYTES - 40)}}`),
    json(nested('[', ']', MIB - 16)),
    json(gzipSync(`[${filled('0,', CREATE_BYTES - 4)}0]`), 'gzip'),
    json(gzipSync(Buffer.alloc(20 * MIB, ' ')), 'gzip'),
    json(brotliCompressSync(Buffer.alloc(20 * MIB, ' ')), 'br'),
    form(filled('--b\r\nContent-Disposition: form-data; name="name"\r\n\r\n\r\n', MIB)),
    form(`--b\r\n${filled('X: y\r\n', MIB).trimEnd()}\r\n\r\n\r\n`),
    form(`--b\r\nContent-Disposition: form-data; name="name"\r\n\r\n${filled('\r\n--', MIB)}`),
  ];
}
