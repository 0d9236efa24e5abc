import { insertReplay, laneOfDelivery, lockEndpoint, resumeLanes } from '@watchbill/database';
import type { CommandResult } from '../command.ts';
import { type CommandContext, done, refuse, runCommand } from '../run-command.ts';
import { noEndpoint } from './disable-endpoint.ts';
import { DEFAULT_WAKE_AGAIN_MS, tellLanes } from './wake-lanes.ts';

export interface ReplayResult {
  /** The id of the new delivery. */
  readonly delivery: string;
  readonly replayOf: string;
}

/**
 * Sends the event of a delivery to its endpoint once more, as a new delivery at the end of the lane. The receiver gets
 * the same `webhook-id` and the same bytes, so that it can tell a repetition. Whoever asks says that the endpoint works
 * again, so what waits in the lane for its next attempt does not wait any longer. Refuses while the endpoint is disabled.
 */
export function replayDelivery(
  context: CommandContext,
  input: { readonly delivery: string },
): Promise<CommandResult<ReplayResult>> {
  return runCommand(context, { name: 'replayDelivery', input }, async (tx) => {
    const lane = await laneOfDelivery(tx, input.delivery);
    if (lane === null) {
      const message = `There is no delivery "${input.delivery.slice(0, 100)}".`;
      return refuse('not_found', 'delivery/not-found', { message });
    }
    const endpoint = await lockEndpoint(tx, lane.endpoint);
    if (endpoint === null) return noEndpoint(lane.endpoint);
    if (endpoint.status === 'disabled') {
      const message = 'The endpoint of this delivery is disabled. Enable it, then replay.';
      return refuse('precondition', 'endpoint/disabled', { message });
    }
    const delivery = await insertReplay(tx, input.delivery);
    await resumeLanes(tx, lane, DEFAULT_WAKE_AGAIN_MS);
    await tellLanes(tx, [lane], { cause: delivery, wakeAgainMs: DEFAULT_WAKE_AGAIN_MS });
    return done({ delivery, replayOf: input.delivery });
  });
}
