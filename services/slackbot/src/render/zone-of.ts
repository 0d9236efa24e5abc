import type { ZoneName } from '@watchbill/core';
import { findScheduleSummary, type Queryable } from '@watchbill/database';

/** The zone of a schedule, for readers to whom Slack cannot show their own time; UTC where there is none. */
export async function zoneOf(queryable: Queryable, schedule: string | null): Promise<ZoneName> {
  if (schedule === null) return 'UTC';
  return (await findScheduleSummary(queryable, schedule))?.timeZone ?? 'UTC';
}
