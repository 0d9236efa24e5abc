import pg from 'pg';

export interface ListenOptions {
  readonly connectionString: string;
  /** Names of channels: small letters, digits and `_`. */
  readonly channels: readonly string[];
  readonly onNotify: (channel: string, payload: string) => void;
  /** True once listening, also after each reconnect (look at the tables then: notices were missed); false on loss. */
  readonly onState?: (connected: boolean) => void;
}

export interface Listener {
  /** Stops for good. May be called twice. */
  close(): Promise<void>;
}

const CHANNEL = /^[a-z_][a-z0-9_]{0,62}$/;
const CONNECT_TIMEOUT_MS = 5_000;
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 2_000;
/** A connection that died without a word (a cut cable) is found by a statement sent this often. */
const PROBE_MS = 10_000;
const PROBE_TIMEOUT_MS = 5_000;

/** Listens on its own connection and reconnects for ever, with a growing wait, until it is closed. */
export function listen(options: ListenOptions): Listener {
  for (const channel of options.channels) {
    if (!CHANNEL.test(channel)) throw new Error(`"${channel}" is no name of a channel`);
  }
  const stop = new AbortController();
  const running = keepListening(options, stop.signal);
  return {
    close: async () => {
      stop.abort();
      await running;
    },
  };
}

async function keepListening(options: ListenOptions, signal: AbortSignal): Promise<void> {
  let retryMs = FIRST_RETRY_MS;
  while (!signal.aborted) {
    const listened = await listenOnce(options, signal);
    if (signal.aborted) return;
    if (listened) {
      options.onState?.(false);
      retryMs = FIRST_RETRY_MS;
    }
    await pause(retryMs, signal);
    retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
  }
}

/** Listens until the connection is lost or the signal comes. Says whether it had got so far as to listen. */
async function listenOnce(options: ListenOptions, signal: AbortSignal): Promise<boolean> {
  const client = new pg.Client({
    connectionString: options.connectionString,
    application_name: 'watchbill-listen',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: PROBE_TIMEOUT_MS,
    keepAlive: true,
  });
  let listening = false;
  let probe: NodeJS.Timeout | undefined;
  let onAbort = (): void => undefined;
  const lost = new Promise<void>((resolve) => {
    client.on('error', () => resolve());
    client.on('end', () => resolve());
    onAbort = resolve;
    signal.addEventListener('abort', onAbort, { once: true });
    probe = setInterval(() => {
      if (listening) client.query('SELECT 1').catch(() => resolve());
    }, PROBE_MS);
  });
  client.on('notification', (message) => options.onNotify(message.channel, message.payload ?? ''));
  try {
    await client.connect();
    for (const channel of options.channels) await client.query(`LISTEN ${channel}`);
    if (!signal.aborted) {
      listening = true;
      options.onState?.(true);
      await lost;
    }
  } catch {
    // Not reachable: the caller waits and comes again. `onState` told of the loss.
  } finally {
    clearInterval(probe);
    // A long outage is many attempts on one signal.
    signal.removeEventListener('abort', onAbort);
    await endQuietly(client);
  }
  return listening;
}

/** `end` waits for the server's answer, which may never come on a dead connection. */
async function endQuietly(client: pg.Client): Promise<void> {
  const waited = new AbortController();
  await Promise.race([client.end().catch(() => undefined), pause(CONNECT_TIMEOUT_MS, waited.signal)]);
  waited.abort();
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done, { once: true });
  });
}
