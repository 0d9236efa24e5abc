import {
  clockNow,
  type EndpointSummaryRow,
  findEndpointSummary,
  insertEvents,
  type LockedEndpoint,
  lockEndpoint,
  newId,
  setEndpointStatus,
  type Transaction,
} from '@watchbill/database';
import type { DisabledReason } from '@watchbill/events';
import type { CommandError, CommandResult } from '../command.ts';
import { type CommandContext, done, refuse, runCommand } from '../run-command.ts';

export interface EndpointResult {
  readonly endpoint: EndpointSummaryRow;
}

/**
 * Stops sending to an endpoint. Its pending deliveries stay pending and go out, in order, once it is enabled again;
 * events that are published meanwhile are not queued for it and can be read from the stream. Disabling it twice
 * changes nothing.
 */
export function disableEndpoint(
  context: CommandContext,
  input: { readonly endpoint: string },
): Promise<CommandResult<EndpointResult>> {
  return runCommand(context, { name: 'disableEndpoint', input }, async (tx) => {
    const endpoint = await lockEndpoint(tx, input.endpoint);
    if (endpoint === null) return noEndpoint(input.endpoint);
    await markDisabled(tx, endpoint, 'by_request');
    return done({ endpoint: await readEndpoint(tx, endpoint.id) });
  });
}

/** Disables a locked endpoint and tells whoever listens. Does nothing when it is disabled already. */
export async function markDisabled(
  tx: Transaction,
  endpoint: LockedEndpoint,
  reason: DisabledReason,
): Promise<void> {
  if (endpoint.status === 'disabled') return;
  await setEndpointStatus(tx, endpoint.id, reason);
  const now = await clockNow(tx);
  const type = 'delivery.endpoint_disabled';
  await insertEvents(tx, [
    {
      key: `${type}.${newId('dis')}`,
      type,
      schedule: null,
      occurredAt: now,
      publishedAt: now,
      data: { endpoint: endpoint.id, url: endpoint.url, reason },
    },
  ]);
}

export function noEndpoint(id: string): { readonly ok: false; readonly error: CommandError } {
  return refuse('not_found', 'endpoint/not-found', {
    message: `There is no endpoint "${id.slice(0, 100)}". List the endpoints to find its id.`,
  });
}

/** The endpoint as it is now, for an answer. Throws when it is not there. */
export async function readEndpoint(tx: Transaction, id: string): Promise<EndpointSummaryRow> {
  const row = await findEndpointSummary(tx, id);
  if (row === null) throw new Error(`endpoint ${id} went away under its own lock`);
  return row;
}
