import { randomUUID } from 'node:crypto';
import { type LeasedSlackMessage, leaseSlackMessages, nextSlackMessageMs } from '@watchbill/database';
import { type Logger, type Loop, startLoop } from '@watchbill/runtime';
import { type Delivered, type Delivery, deliverMessage, SEND_LEASE_MS } from './deliver-message.ts';

export interface SenderOptions extends Delivery {
  readonly logger: Logger;
  /** Hears what became of each message. */
  readonly onDelivered: (message: LeasedSlackMessage, delivered: Delivered) => void;
}

/** Sends what is due; the two kinds never wait for each other. */
export interface MessageSender {
  /** Cuts the pause short: something was written. */
  wake(): void;
  /** Finishes what is being sent. */
  close(): Promise<void>;
}

/** Messages at once, each to another place. */
const AT_ONCE = { urgent: 8, bulk: 4 } as const;
const LONGEST_PAUSE_MS = 2_000;
const SHORTEST_PAUSE_MS = 50;

export function startMessageSender(options: SenderOptions): MessageSender {
  const loops: Loop[] = (['urgent', 'bulk'] as const).map((lane) =>
    startLoop({ name: `slack ${lane}`, logger: options.logger, run: () => sendDue(options, lane) }),
  );
  return {
    wake: () => {
      for (const loop of loops) loop.wake();
    },
    close: async () => {
      await Promise.all(loops.map((loop) => loop.close()));
    },
  };
}

async function sendDue(options: SenderOptions, lane: keyof typeof AT_ONCE): Promise<number> {
  const { database, rests } = options;
  const urgent = lane === 'urgent';
  const messages = await leaseSlackMessages(database, {
    urgent,
    token: randomUUID(),
    leaseMs: SEND_LEASE_MS,
    limit: AT_ONCE[lane],
    resting: restingPlaces(rests.all(), lane),
  });
  await Promise.all(messages.map((message) => sendOne(options, message)));
  if (messages.length === AT_ONCE[lane]) return 0;
  const nextMs = (await nextSlackMessageMs(database, urgent)) ?? LONGEST_PAUSE_MS;
  return Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, nextMs));
}

/**
 * What can wait leaves alone every place that rests for any reason. What is urgent looks for itself, so that it is the
 * next one there, and leaves alone only where Slack refused an urgent message.
 */
function restingPlaces(resting: readonly string[], lane: keyof typeof AT_ONCE): string[] {
  return resting.flatMap((key) => {
    const [of, place] = key.split(' ', 2);
    return (lane === 'bulk' || of === 'urgent') && place !== undefined ? [place] : [];
  });
}

async function sendOne(options: SenderOptions, message: LeasedSlackMessage): Promise<void> {
  const { logger, onDelivered } = options;
  const { id, kind, subject } = message;
  let delivered: Delivered;
  try {
    delivered = await deliverMessage(options, message);
  } catch (error) {
    // The database went away, or it could not be made: its lease runs out, and it comes again.
    logger.error({ message: id, kind, subject, err: error }, 'a message to Slack could not be made');
    return;
  }
  const { kind: outcome, ...detail } = delivered;
  const line = { message: id, kind, subject, outcome, ...detail };
  if (delivered.kind === 'failed') logger.warn(line, 'a message to Slack is given up');
  else if (delivered.kind === 'retry') logger.info(line, 'a message to Slack waits');
  else logger.debug(line, 'a message to Slack was looked after');
  onDelivered(message, delivered);
}
