import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';

/** What the app sent back for an envelope. */
export interface SlackEnvelopeAck {
  readonly envelope_id: string;
  readonly payload?: unknown;
}

/** The other end of Socket Mode: as much of a WebSocket server as Slack's client needs. */
export interface SlackSocketServer {
  /** For the answer of `apps.connections.open`. */
  readonly url: string;
  /** How many connections were opened until now, and how many stand. */
  opened(): number;
  standing(): number;
  readonly acks: readonly SlackEnvelopeAck[];
  /** Sends an envelope to every connection. */
  send(envelope: Readonly<Record<string, unknown>>): void;
  /** Cuts every connection without a word. */
  cut(): void;
  /** Says no hello to connections from now on, or says it again. */
  greet(says: boolean): void;
  close(): Promise<void>;
}

/** Of RFC 6455: what a server adds to the key of a handshake. */
const MAGIC = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

export async function startSlackSocket(): Promise<SlackSocketServer> {
  const sockets = new Set<Socket>();
  const acks: SlackEnvelopeAck[] = [];
  let opened = 0;
  let greets = true;
  const server = createServer((_request, response) => response.writeHead(426).end());
  server.on('upgrade', (request, socket: Socket) => {
    const key = `${request.headers['sec-websocket-key']}${MAGIC}`;
    const accept = createHash('sha1').update(key).digest('base64');
    socket.write(
      [
        'HTTP/1.1 101 Switching Protocols',
        'Upgrade: websocket',
        'Connection: Upgrade',
        `Sec-WebSocket-Accept: ${accept}`,
      ]
        .join('\r\n')
        .concat('\r\n\r\n'),
    );
    opened += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => sockets.delete(socket));
    readFrames(socket, (opcode, payload) => {
      if (opcode === TEXT) acks.push(JSON.parse(payload.toString('utf8')) as SlackEnvelopeAck);
      else if (opcode === PING) socket.write(frame(PONG, payload));
      else if (opcode === CLOSE) socket.end(frame(CLOSE, payload));
    });
    if (greets) socket.write(text({ type: 'hello', num_connections: 1 }));
  });
  server.listen(0, '127.0.0.1');
  await new Promise<void>((resolve) => server.once('listening', resolve));
  const address = server.address();
  return {
    url: `ws://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/link`,
    opened: () => opened,
    standing: () => sockets.size,
    acks,
    send: (envelope) => {
      for (const socket of sockets) socket.write(text(envelope));
    },
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    greet: (says) => {
      greets = says;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function text(value: unknown): Buffer {
  return frame(TEXT, Buffer.from(JSON.stringify(value)));
}

/** One unmasked frame, as servers send them. */
function frame(opcode: number, payload: Buffer): Buffer {
  const head =
    payload.length < 126
      ? Buffer.from([0x80 | opcode, payload.length])
      : Buffer.from([0x80 | opcode, 126, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([head, payload]);
}

/** Reads the masked frames of a client; none of ours is cut into several or longer than 64 KB. */
function readFrames(socket: Socket, onFrame: (opcode: number, payload: Buffer) => void): void {
  let waiting = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    waiting = Buffer.concat([waiting, chunk]);
    for (;;) {
      if (waiting.length < 2) return;
      const short = (waiting[1] ?? 0) & 0x7f;
      const at = short === 126 ? 4 : 2;
      if (waiting.length < at) return;
      const length = short === 126 ? waiting.readUInt16BE(2) : short;
      const end = at + 4 + length;
      if (waiting.length < end) return;
      const mask = waiting.subarray(at, at + 4);
      const payload = Buffer.from(waiting.subarray(at + 4, end));
      for (let i = 0; i < payload.length; i += 1) payload[i] = (payload[i] ?? 0) ^ (mask[i % 4] ?? 0);
      const opcode = (waiting[0] ?? 0) & 0x0f;
      waiting = Buffer.from(waiting.subarray(end));
      onFrame(opcode, payload);
    }
  });
}
