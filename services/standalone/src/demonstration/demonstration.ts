import { createEndpoint, disableEndpoint } from '@watchbill/commands';
import { type Database, pageEndpoints } from '@watchbill/database';
import { type NameOf, readNames, readZones } from '../screen/names.ts';
import { followEvents } from './follow-events.ts';
import { type DemonstrationReceiver, type ReceivedWebhook, startReceiver } from './receiver.ts';

const ACTOR = 'demonstration';
const DESCRIPTION = 'The receiver of the demonstration';
const EVENT_TYPES = ['shift.started', 'shift.ended', 'shift.starting_soon'];
const MAX_ENDPOINTS = 100;

export interface Demonstration {
  close(): Promise<void>;
}

/**
 * Shows what a fast clock makes happen: handoffs as they are published, and webhooks as a small receiver in this
 * process gets them, with their signatures checked. Deliveries to other endpoints are told too.
 */
export async function startDemonstration(
  database: Database,
  print: (line: string) => void,
): Promise<Demonstration> {
  const nameOf = await readNames(database);
  const receiver = await startReceiver((webhook) => print(webhookLine(webhook, nameOf)));
  try {
    const endpoint = await register(database, receiver);
    const zoneOf = await readZones(database);
    const following = followEvents({ database, nameOf, zoneOf, print, quietEndpoint: endpoint });
    return {
      close: async () => {
        await following.close();
        await receiver.close();
      },
    };
  } catch (error) {
    await receiver.close();
    throw error;
  }
}

/** The receiver has another port at every start, so the endpoints of earlier starts are switched off. */
async function register(database: Database, receiver: DemonstrationReceiver): Promise<string | undefined> {
  const context = { database, actor: ACTOR };
  const known = await pageEndpoints(database, '', MAX_ENDPOINTS);
  for (const { id, description, status } of known) {
    if (description === DESCRIPTION && status === 'active') await disableEndpoint(context, { endpoint: id });
  }
  const input = { url: receiver.url, description: DESCRIPTION, eventTypes: EVENT_TYPES };
  const made = await createEndpoint(context, input, { plainHttp: true });
  // Without an endpoint there is still a clock to watch.
  if (!made.ok) return undefined;
  if (made.value.secret !== null) receiver.trust(made.value.secret);
  return made.value.endpoint.id;
}

function webhookLine({ type, data, signed }: ReceivedWebhook, nameOf: NameOf): string {
  const shift = typeof data.shift === 'object' && data.shift !== null ? data.shift : {};
  const person = 'person' in shift ? nameOf(String(shift.person)) : '';
  const lead = typeof data.leadMinutes === 'number' ? ` in ${leadText(data.leadMinutes)}` : '';
  return `  webhook ${type} ${person}${lead}: ${signed ? 'signature valid' : 'SIGNATURE WRONG'}`;
}

function leadText(minutes: number): string {
  if (minutes % 1440 === 0) return minutes === 1440 ? 'a day' : `${minutes / 1440} days`;
  if (minutes % 60 === 0) return minutes === 60 ? 'an hour' : `${minutes / 60} hours`;
  return `${minutes} minutes`;
}
