import type { LaneId } from '@watchbill/database';
import type { Job } from '@watchbill/queue';

/** The schedules of a `boundaries.due` job, or null when it is no such job. */
export function readSchedulesJob({ payload }: Job): readonly string[] | null {
  const { schedules } = payload;
  return Array.isArray(schedules) && schedules.every((id) => typeof id === 'string') ? schedules : null;
}

/** The events of a job of the queue `events`, one or many; null when it names none. */
export function readEventJob({ payload }: Job): readonly string[] | null {
  const facts = Array.isArray(payload.events) ? (payload.events as readonly unknown[]) : [payload];
  const ids = facts.flatMap((fact) => (hasId(fact) ? [fact.id] : []));
  return ids.length === 0 || ids.length < facts.length ? null : ids;
}

function hasId(fact: unknown): fact is { readonly id: string } {
  return typeof fact === 'object' && fact !== null && 'id' in fact && typeof fact.id === 'string';
}

/** The pages of a `pages.due` job, or null when it is no such job. */
export function readPagesJob({ payload }: Job): readonly string[] | null {
  const { pages } = payload;
  return Array.isArray(pages) && pages.every((id) => typeof id === 'string') ? pages : null;
}

/** The lane of a `lane.due` job, or null when it is no such job. */
export function readLaneJob({ payload }: Job): LaneId | null {
  const { endpoint, lane } = payload;
  return typeof endpoint === 'string' && typeof lane === 'string' ? { endpoint, lane } : null;
}
