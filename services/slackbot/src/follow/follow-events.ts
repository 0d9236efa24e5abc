import { wantSlackSync } from '@watchbill/database';
import type { FollowContext, FollowedEvent } from './follow-event.ts';
import { followPage } from './follow-page.ts';
import { followGap, followHandoff } from './follow-schedule.ts';
import { followShiftChanges, followStartingSoon, isShiftChange } from './follow-shift.ts';
import { followSwap } from './follow-swap.ts';

/**
 * Writes the messages that events call for, and has the user groups and topics looked at that they touch.
 * Changes of shifts are taken together, after the others: nobody waits for an answer among them.
 */
export async function followEvents(at: FollowContext, events: readonly FollowedEvent[]): Promise<void> {
  const touched = new Set<string>();
  for (const event of events) {
    const schedule = scheduleTouchedBy(event);
    if (schedule !== null) touched.add(schedule);
    await followEvent(at, event);
  }
  await followShiftChanges(at, events.filter(isShiftChange));
  await wantSlackSync(at.tx, [...touched]);
}

async function followEvent(at: FollowContext, event: FollowedEvent): Promise<void> {
  switch (event.type) {
    case 'swap.requested':
    case 'swap.accepted':
    case 'swap.approved':
    case 'swap.declined':
    case 'swap.countered':
    case 'swap.offer_declined':
    case 'swap.applied':
    case 'swap.cancelled':
    case 'swap.expired':
      return followSwap(at, event);
    case 'page.triggered':
    case 'page.escalated':
    case 'page.acknowledged':
    case 'page.snoozed':
    case 'page.retriggered':
    case 'page.reassigned':
    case 'page.handed_over':
    case 'page.noted':
    case 'page.resolved':
    case 'page.unreachable':
      return followPage(at, event);
    case 'shift.starting_soon':
      return followStartingSoon(at, event);
    case 'handoff.completed':
      return followHandoff(at, event);
    case 'coverage.gap_found':
    case 'coverage.gap_closed':
      return followGap(at, event);
    default:
      return;
  }
}

/** The schedule in which somebody else may be on call now. */
function scheduleTouchedBy(event: FollowedEvent): string | null {
  switch (event.type) {
    case 'shift.started':
    case 'shift.ended':
    case 'shift.scheduled':
    case 'shift.changed':
    case 'shift.cancelled':
      return event.data.shift.schedule;
    case 'handoff.completed':
    case 'schedule.published':
    case 'schedule.retired':
      return event.data.schedule;
    default:
      return null;
  }
}
