import type { LaneId } from '@watchbill/database';
import type { Job } from '@watchbill/queue';

/** The schedules of a `boundaries.due` job, or null when it is no such job. */
export function readSchedulesJob({ payload }: Job): readonly string[] | null {
  const { schedules } = payload;
  return Array.isArray(schedules) && schedules.every((id) => typeof id === 'string') ? schedules : null;
}

/** The event of a job of the queue `events`, or null when it names none. An empty id asks to look in any case. */
export function readEventJob({ payload }: Job): string | null {
  return typeof payload.id === 'string' ? payload.id : null;
}

/** The lane of a `lane.due` job, or null when it is no such job. */
export function readLaneJob({ payload }: Job): LaneId | null {
  const { endpoint, lane } = payload;
  return typeof endpoint === 'string' && typeof lane === 'string' ? { endpoint, lane } : null;
}
