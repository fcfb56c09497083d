// An independent QUIC and TLS (quiche, BoringSSL), driven by lines of JSON on standard input;
// events are told in lines of JSON on standard output. Frames are none of its business. See
// stack.py.
import { createHash, randomBytes, createHmac, X509Certificate } from 'node:crypto';
import { createInterface } from 'node:readline';
import Logger, { LogLevel } from '@matrixai/logger';
import { QUICClient, QUICConnection, QUICServer, events } from '@matrixai/quic';

const logger = new Logger('quiche', LogLevel.SILENT);
const BAD_CERTIFICATE = 0x12a;
const connections = new Map();
const streams = new Map();
let numbers = 0;

// The package refuses streams that come in one datagram with the end of the handshake, as they may:
// here they wait until somebody listens.
const attached = new WeakSet();
const processStreams = QUICConnection.prototype.processStreams;
QUICConnection.prototype.processStreams = function () {
  if (attached.has(this)) processStreams.call(this);
};

const tell = (event) => process.stdout.write(JSON.stringify(event) + '\n');
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// SHA-256 of the public key: the node id.
function idOf(certificate) {
  const key = new X509Certificate(Buffer.from(certificate)).publicKey;
  return createHash('sha256').update(key.export({ type: 'spki', format: 'der' })).digest('hex');
}

// Says why a connection ended: the innermost cause and the code.
function reasonOf(error) {
  const code = error?.data?.errorCode ?? error?.cause?.data?.errorCode;
  return { error: error?.name ?? String(error), code };
}

function config(order) {
  return {
    ...(order.cert ? { key: order.key, cert: order.cert } : {}),
    applicationProtos: [order.alpn ?? 'macula'],
    verifyPeer: true,
    verifyCallback: async (certificates) => {
      const id = certificates.length === 1 ? idOf(certificates[0]) : 'none';
      return order.expected && id !== order.expected ? BAD_CERTIFICATE : undefined;
    },
    initialMaxStreamsBidi: 2000,
    maxIdleTimeout: 20000,
  };
}

async function read(connection, number, stream) {
  try {
    for await (const chunk of stream.readable) {
      tell({ on: 'data', connection, stream: number, hex: Buffer.from(chunk).toString('hex') });
    }
    tell({ on: 'end', connection, stream: number });
  } catch (error) {
    tell({ on: 'broken', connection, stream: number, ...reasonOf(error) });
  }
}

function adopt(connection, stream) {
  const number = ++numbers;
  streams.set(number, { writer: stream.writable.getWriter(), stream });
  stream.closedP.then(() => streams.delete(number));
  void read(connection, number, stream);
  return number;
}

function attach(number, connection, extra) {
  connections.set(number, connection);
  connection.addEventListener(events.EventQUICConnectionError.name, (event) =>
    tell({ on: 'error', connection: number, ...reasonOf(event.detail) }));
  connection.addEventListener(events.EventQUICConnectionClose.name, (event) =>
    tell({ on: 'closed', connection: number, ...reasonOf(event.detail) }));
  const onStream = (event) => adopt(number, event.detail);
  connection.addEventListener(events.EventQUICConnectionStream.name, onStream);
  const peer = connection.getRemoteCertsChain().map(idOf).join();
  tell({ on: 'up', connection: number, peer, ...extra });
  // Events that came before anybody listened.
  attached.add(connection);
  connection.processStreams();
  const early = connection.conn.peerError();
  if (early) tell({ on: 'error', connection: number, error: 'early', code: early.errorCode });
}

const orders = {
  async dial(order) {
    const number = ++numbers;
    const ask = { ask: order.ask, connection: number };
    try {
      const client = await QUICClient.createQUICClient({
        host: order.host, port: order.port, localHost: '127.0.0.1', serverName: 'macula',
        crypto: { ops: { randomBytes: async (data) => void randomBytes(data.byteLength)
          .copy(new Uint8Array(data)) } },
        config: config(order), logger,
      }, { timer: order.patience ?? 5000 });
      // Errors are told by the connection's events.
      client.addEventListener(events.EventQUICClientError.name, () => {});
      attach(number, client.connection, ask);
    } catch (error) {
      tell({ on: 'refused', ...ask, ...reasonOf(error) });
    }
  },
  async listen(order) {
    const hmac = (key, data) =>
      createHmac('sha256', Buffer.from(key)).update(Buffer.from(data)).digest();
    const server = new QUICServer({
      crypto: {
        key: randomBytes(32),
        ops: {
          sign: async (key, data) => Uint8Array.from(hmac(key, data)).buffer,
          verify: async (key, data, mac) => hmac(key, data).equals(Buffer.from(mac)),
        },
      },
      config: config(order), logger,
    });
    // Its servers always send a Retry; the token that comes back is what is told.
    const validate = server.validateToken.bind(server);
    server.validateToken = async (token, host) => {
      const known = await validate(token, host);
      tell({ on: 'token', server: order.ask, good: known !== undefined });
      return known;
    };
    server.addEventListener(events.EventQUICServerConnection.name, (event) =>
      attach(++numbers, event.detail, { server: order.ask }));
    server.addEventListener(events.EventQUICServerError.name, () => {});
    await server.start({ host: '127.0.0.1', port: 0 });
    tell({ on: 'listening', ask: order.ask, port: server.port });
  },
  // Opens a stream and writes `chunks`, with pauses of `pause` ms; `fin` ends it.
  async open(order) {
    const stream = connections.get(order.connection).newStream('bidi');
    const number = adopt(order.connection, stream);
    tell({ on: 'opened', ask: order.ask, stream: number });
    await orders.write({ ...order, stream: number });
  },
  async write(order) {
    const writer = streams.get(order.stream)?.writer;
    if (!writer) return;
    try {
      for (const chunk of order.chunks) {
        await writer.write(Buffer.from(chunk, 'hex'));
        if (order.pause) await pause(order.pause);
      }
      if (order.fin) await writer.close();
    } catch {
      // Broken off by the peer: told by the reader.
    }
  },
  async close(order) {
    await connections.get(order.connection)?.stop({ force: true });
    tell({ on: 'stopped', ask: order.ask });
  },
};

process.on('unhandledRejection', (error) => tell({ on: 'exception', ...reasonOf(error), text: String(error?.stack) }));
process.on('uncaughtException', (error) => tell({ on: 'exception', ...reasonOf(error) }));
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const order = JSON.parse(line);
  orders[order.do](order).catch((error) =>
    tell({ on: 'failed', ask: order.ask, ...reasonOf(error), text: String(error) }));
});
lines.on('close', () => process.exit(0));
