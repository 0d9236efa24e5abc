import { lockEndpoint, newId, resumeLanes, setEndpointStatus } from '@watchbill/database';
import type { CommandResult } from '../command.ts';
import { type CommandContext, done, runCommand } from '../run-command.ts';
import { type EndpointResult, noEndpoint, readEndpoint } from './disable-endpoint.ts';
import { DEFAULT_WAKE_AGAIN_MS, tellLanes } from './wake-lanes.ts';

/**
 * Sends to an endpoint again: what was pending when it was disabled goes out at once and in order. A delivery keeps
 * the attempts it has used. Enabling it twice changes nothing.
 */
export function enableEndpoint(
  context: CommandContext,
  input: { readonly endpoint: string },
): Promise<CommandResult<EndpointResult>> {
  return runCommand(context, { name: 'enableEndpoint', input }, async (tx) => {
    const endpoint = await lockEndpoint(tx, input.endpoint);
    if (endpoint === null) return noEndpoint(input.endpoint);
    if (endpoint.status === 'disabled') {
      await setEndpointStatus(tx, endpoint.id, null);
      const lanes = await resumeLanes(tx, { endpoint: endpoint.id, lane: null }, DEFAULT_WAKE_AGAIN_MS);
      await tellLanes(
        tx,
        lanes.map((lane) => ({ endpoint: endpoint.id, lane })),
        { cause: newId('ena'), wakeAgainMs: DEFAULT_WAKE_AGAIN_MS },
      );
    }
    return done({ endpoint: await readEndpoint(tx, endpoint.id) });
  });
}
