import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** When to cut the connections of a process. */
export interface Cut {
  /** The statement, counted from 1. */
  nth: number;
  /** Whether PostgreSQL still executes it, and only its response is lost. */
  executes: boolean;
  /** Whether only the statements of transactions count. */
  ofTransactions: boolean;
}

/** A proxy that parses PostgreSQL's protocol, and can cut connections between any two statements. */
export interface StatementProxy {
  /** The URL of the database through the proxy. */
  url: string;
  /** Cuts the pool's connections at a statement, and rejects new ones until `disarm`. */
  arm(cut: Cut): void;
  /** Accepts connections again. Returns whether they were cut since `arm`. */
  disarm(): boolean;
  /** Whether the connections were cut since `arm`. */
  hasCut(): boolean;
  close(): Promise<void>;
}

/** The pool that serves requests, and the sweeper. */
const POOL = 'greenroom-api-pool';
const LENGTH_BYTES = 4;
/** The type of the message that ends the start of a connection and the response to a statement. */
const READY_FOR_QUERY = 0x5a;

interface Link {
  client: Socket;
  server: Socket;
  isPool: boolean;
  isInTransaction: boolean;
  /** Statements sent, and responses that ended. */
  sent: number;
  done: number;
  /** The statement whose response must not arrive, by its number. */
  last: number | null;
}

/** Starts a proxy to the server of a database. */
export async function startStatementProxy(databaseUrl: string): Promise<StatementProxy> {
  const target = new URL(databaseUrl);
  const links = new Set<Link>();
  let cut: Cut | null = null;
  let counted = 0;
  let isDown = false;

  const takeDown = (): void => {
    isDown = true;
    for (const link of links) if (link.isPool) drop(link);
  };
  const drop = (link: Link): void => {
    links.delete(link);
    link.client.destroy();
    link.server.destroy();
  };

  /** Forwards a message of a client. Returns whether the client's next ones may follow. */
  const forward = (link: Link, message: Buffer): boolean => {
    const type = String.fromCharCode(message[0] ?? 0);
    const isStatement = type === 'Q' || type === 'S';
    if (type === 'Q' || type === 'P') followTransaction(link, message.toString('latin1'));
    const counts =
      isStatement && link.isPool && cut !== null && (link.isInTransaction || !cut.ofTransactions);
    if (counts) counted += 1;
    const isNth = counts && counted === cut?.nth;
    if (isNth && !cut?.executes) {
      takeDown();
      return false;
    }
    link.server.write(message);
    if (isStatement) link.sent += 1;
    if (isNth) link.last = link.sent;
    return !isNth;
  };

  const proxy = createServer({ noDelay: true }, (client) => {
    const server = connect({ host: target.hostname, port: Number(target.port), noDelay: true });
    const link: Link = {
      client,
      server,
      isPool: false,
      isInTransaction: false,
      sent: 0,
      done: -1,
      last: null,
    };
    links.add(link);
    for (const socket of [client, server]) {
      socket.on('error', () => drop(link)).on('close', () => drop(link));
    }
    let isStarted = false;
    let isOpen = true;
    onMessages(
      client,
      () => (isStarted ? 1 : 0),
      (message) => {
        if (!isOpen) return;
        if (isStarted) {
          isOpen = forward(link, message);
          return;
        }
        isStarted = true;
        link.isPool = message.includes(`\0${POOL}\0`);
        if (link.isPool && isDown) drop(link);
        else server.write(message);
      },
    );
    server.on('data', (chunk: Buffer) => {
      if (link.last === null) client.write(chunk);
    });
    onMessages(
      server,
      () => 1,
      (message) => {
        if (message[0] !== READY_FOR_QUERY) return;
        link.done += 1;
        if (link.done === link.last) takeDown();
      },
    );
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((proxy.address() as AddressInfo).port);

  return {
    url: url.href,
    arm(next) {
      cut = next;
      counted = 0;
      isDown = false;
    },
    disarm() {
      const wasCut = isDown;
      cut = null;
      isDown = false;
      return wasCut;
    },
    hasCut: () => isDown,
    async close() {
      proxy.close();
      for (const link of links) drop(link);
      await once(proxy, 'close');
    },
  };
}

function followTransaction(link: Link, text: string): void {
  if (/BEGIN/i.test(text)) link.isInTransaction = true;
  else if (/COMMIT|ROLLBACK/i.test(text)) queueMicrotask(() => (link.isInTransaction = false));
}

/** Splits a stream into messages: a type of `typeBytes()` bytes, then their length without the type. */
function onMessages(socket: Socket, typeBytes: () => number, onMessage: (message: Buffer) => void): void {
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const head = typeBytes();
      if (rest.length < head + LENGTH_BYTES) return;
      const length = head + rest.readUInt32BE(head);
      if (rest.length < length) return;
      const message = rest.subarray(0, length);
      rest = rest.subarray(length);
      onMessage(message);
    }
  });
}
