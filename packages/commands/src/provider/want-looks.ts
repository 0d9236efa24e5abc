import { type PositionedEvent, type Transaction, wantMirrors } from '@watchbill/database';

/** After a change a mirror waits this long, in milliseconds: a change seldom comes alone. */
const PAUSE_MS = 500;
const CHANGES = new Set<string>([
  'schedule.published',
  'schedule.retired',
  'shift.scheduled',
  'shift.changed',
  'shift.cancelled',
  'override.created',
  'override.cancelled',
]);

/** Has the mirrors looked at whose schedules these events change. */
export async function wantLooks(tx: Transaction, events: readonly PositionedEvent[]): Promise<void> {
  const schedules = events.flatMap(({ type, schedule }) =>
    schedule !== null && CHANGES.has(type) ? [schedule] : [],
  );
  await wantMirrors(tx, [...new Set(schedules)], PAUSE_MS);
}
