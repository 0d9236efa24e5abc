import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface ListenProxy {
  /** The same database, through this proxy. */
  readonly connectionString: string;
  /** Cuts the connections that listen for notices, and refuses new ones, until it is told otherwise. */
  setDeaf(deaf: boolean): void;
  close(): Promise<void>;
}

/** The application name that listening connections carry in their first packet. */
const LISTENER = 'watchbill-listen';

/** Stands between a process and its PostgreSQL, and can take the notices away while statements still work. */
export async function startListenProxy(connectionString: string): Promise<ListenProxy> {
  const target = new URL(connectionString);
  const open = new Set<Socket>();
  const listeners = new Set<Socket>();
  let deaf = false;
  const server = createServer((incoming) => {
    const outgoing = connect(Number(target.port), target.hostname);
    for (const socket of [incoming, outgoing]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        incoming.destroy();
        outgoing.destroy();
      });
    }
    incoming.once('data', (first) => {
      if (first.includes(LISTENER)) {
        if (deaf) return incoming.destroy();
        listeners.add(incoming);
        incoming.on('close', () => listeners.delete(incoming));
      }
      outgoing.write(first);
      incoming.pipe(outgoing);
      outgoing.pipe(incoming);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const through = new URL(connectionString);
  through.hostname = '127.0.0.1';
  through.port = String(typeof address === 'object' && address !== null ? address.port : 0);
  return {
    connectionString: through.href,
    setDeaf: (next) => {
      deaf = next;
      if (deaf) for (const socket of listeners) socket.destroy();
    },
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
