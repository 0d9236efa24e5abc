import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** How often connections without a request are looked for while a server closes, in real time. */
const SWEEP_MS = 50;

/**
 * Watches which connections have not asked anything yet: browsers open some ahead of need, and the server counts them
 * as busy. Returns what to call when the server begins to close: until it has closed, every connection without a
 * request under way is closed, and the server need not wait for its clients to go.
 */
export function watchUnused(server: Server): () => void {
  const unused = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  server.prependListener('request', ({ socket }) => void unused.delete(socket));
  return () => {
    const sweep = (): void => {
      // What has begun to arrive is a request, though its head is not complete.
      for (const socket of unused) if (socket.bytesRead === 0) socket.destroy();
      server.closeIdleConnections();
    };
    sweep();
    const timer = setInterval(sweep, SWEEP_MS);
    server.once('close', () => clearInterval(timer));
  };
}
