import type { Instant, SkippedStep } from '@watchbill/core';
import {
  isoInstant,
  type NewEvent,
  type PageActor,
  type PageMoment,
  type PageRow,
} from '@watchbill/database';
import type { EventFacts } from '@watchbill/events';

type PageEvent = Extract<NewEvent, { type: `page.${string}` }>;
type PageEventType = PageEvent['type'];

/** People, channels and skipped steps that an event tells at most, so that it stays small; the page has all. */
export const TOLD_IN_EVENT = 20;
export const CHANNELS_IN_EVENT = 5;
const SKIPPED_IN_EVENT = 20;

/** A page as events tell it. */
export function pageFactsOf(page: PageRow): EventFacts<'page.triggered'>['page'] {
  const { place, acknowledged, resolved } = page;
  return {
    ...{ id: page.id, number: page.number, state: place.state, severity: page.severity },
    ...{ urgency: page.urgency, summary: page.summary, source: page.source, intake: page.intake },
    ...{ dedupKey: page.dedupKey, policy: page.policy, schedule: page.schedule, assignedTo: page.assignedTo },
    ...{ round: place.round, repeats: page.repeats, folded: page.folded },
    createdAt: isoInstant(page.createdAt),
    acknowledgedBy: acknowledged?.person ?? null,
    acknowledgedAt: iso(acknowledged?.at ?? null),
    snoozedUntil: iso(place.snoozedUntil),
    resolvedBy: resolved?.person ?? null,
    resolvedAt: iso(resolved?.at ?? null),
  };
}

function iso(instant: Instant | null): string | null {
  return instant === null ? null : isoInstant(instant);
}

export function actorFactsOf(actor: PageActor): EventFacts<'page.acknowledged'>['actor'] {
  return { person: actor.person, name: actor.actor, via: actor.via };
}

export function skippedFactsOf(skipped: readonly SkippedStep[]): SkippedStep[] {
  return skipped.slice(0, SKIPPED_IN_EVENT);
}

/**
 * An event of a page. `mark` makes it the only one of its type: the version of the page after the change, or an id.
 * It is due `lateMs` before now; a page's own instants are real time, the event's are of the schedules' clock, as
 * those of all events are.
 */
export function pageEvent<T extends PageEventType>(
  page: PageRow,
  of: {
    readonly type: T;
    readonly mark: string | number;
    readonly moment: PageMoment;
    readonly lateMs?: number;
    readonly data: Omit<EventFacts<T>, 'page'>;
  },
): NewEvent {
  const { type, mark, moment, lateMs = 0, data } = of;
  return {
    key: `${type}.${page.id}.${mark}`,
    type,
    schedule: page.schedule,
    occurredAt: moment.scheduled - lateMs,
    publishedAt: moment.scheduled,
    data: { page: pageFactsOf(page), ...data },
  } as unknown as NewEvent;
}
