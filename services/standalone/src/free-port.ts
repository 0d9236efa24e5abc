import { createServer } from 'node:net';

/** Whether a server can listen there now. */
export async function isFree(host: string, port: number): Promise<boolean> {
  return (await tryListen(host, port)) !== undefined;
}

/** A port that is free now. Throws where the host is not of this machine. */
export async function freePort(host: string): Promise<number> {
  const port = await tryListen(host, 0);
  if (port === undefined)
    throw new Error(`Nothing can listen on "${host}": it is no address of this machine.`);
  return port;
}

function tryListen(host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(undefined));
    probe.listen(port, host, () => {
      const address = probe.address();
      const found = typeof address === 'object' && address !== null ? address.port : undefined;
      probe.close(() => resolve(found));
    });
  });
}
