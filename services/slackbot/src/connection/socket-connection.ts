import { SocketModeReceiver } from '@slack/bolt';
import { type Logger, startLoop, withinTime } from '@watchbill/runtime';
import { clientOptions, type SlackAddress } from '../web/slack-clients.ts';
import { failureOf } from '../web/slack-failure.ts';

/** A connection that Slack sends requests over, kept up for as long as it is wanted. */
export interface SlackConnection {
  /** What is wrong with it, in plain words; empty while it stands. */
  problems(): readonly string[];
  /** Takes no more requests. */
  close(): Promise<void>;
}

const REQUEST_MS = 5_000;
/** From asking for the address to Slack's greeting. */
const CONNECT_MS = 20_000;
const GOODBYE_MS = 1_000;
const FIRST_WAIT_MS = 500;
/** Slack takes a new connection about once a minute when many have failed. */
const LAST_WAIT_MS = 60_000;
const LOOK_EVERY_MS = 30_000;
const JITTER_SHARE = 0.3;

/**
 * The receiver of Socket Mode. It never reconnects by itself: its own way of doing so ends the process when Slack
 * refuses or cannot be reached at that moment.
 */
export function socketReceiver(appToken: string, address: SlackAddress): SocketModeReceiver {
  return new SocketModeReceiver({
    appToken,
    logger: address.logger,
    autoReconnectEnabled: false,
    installerOptions: {
      clientOptions: { ...clientOptions(address), timeout: REQUEST_MS, retryConfig: { retries: 0 } },
    },
  });
}

/** The wait before another try: it grows to a minute, and those that failed together do not come back together. */
export function waitMs(failures: number, random: number): number {
  const wait = Math.min(LAST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, failures - 1));
  return Math.round(wait * (1 + JITTER_SHARE * random));
}

/** Connects, and connects again whenever the connection ends, until it is closed. Resolves at once. */
export function keepConnected(receiver: SocketModeReceiver, logger: Logger): SlackConnection {
  const { client } = receiver;
  let connected = false;
  let closing = false;
  let failures = 0;
  let reason = 'is not connected yet';

  const connect = async (): Promise<number> => {
    if (closing || connected) return LOOK_EVERY_MS;
    try {
      await withinTime(receiver.start(), CONNECT_MS, 'no greeting came in time');
      connected = true;
      if (failures > 0) logger.info({ failures }, 'connected to Slack again');
      else logger.info('connected to Slack');
      failures = 0;
      return LOOK_EVERY_MS;
    } catch (error) {
      failures += 1;
      const failure = failureOf(error);
      reason = 'reason' in failure ? failure.reason : failure.kind;
      const asked = failure.kind === 'rate_limited' ? failure.retryAfterMs : 0;
      const pauseMs = Math.max(asked, waitMs(failures, Math.random()));
      logger.warn({ failures, reason, pauseMs }, 'Slack cannot be connected; trying again');
      await disconnect();
      return pauseMs;
    }
  };

  /** Twice: the second time does not wait for the other side to say goodbye. */
  const disconnect = async (): Promise<void> => {
    for (let time = 0; time < 2; time += 1) {
      await withinTime(client.disconnect(), GOODBYE_MS, 'no goodbye').catch(() => undefined);
    }
  };

  client.on('disconnected', () => {
    if (!connected) return;
    connected = false;
    reason = 'the connection ended';
    if (!closing) loop.wake();
  });
  const loop = startLoop({ name: 'slack connection', logger, run: connect });
  return {
    problems: () => (connected ? [] : [`Slack is not connected (${reason})`]),
    close: async () => {
      closing = true;
      connected = false;
      await disconnect();
      // What was being connected meanwhile is ended as well.
      await loop.close();
      await disconnect();
    },
  };
}
