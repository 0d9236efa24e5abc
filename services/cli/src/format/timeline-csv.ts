import type { Timeline } from '@watchbill/core';
import { formatInstant } from '@watchbill/core';
import { csv } from './csv.ts';

/** The shifts of a timeline as CSV, instants in UTC. Gaps have no line: they are the hours that no shift covers. */
export function timelineCsv(timeline: Timeline): string {
  return csv(
    ['start', 'end', 'person', 'role', 'rotation', 'override'],
    timeline.shifts.map(({ start, end, person, role, rotation, override }) => [
      formatInstant(start),
      formatInstant(end),
      person,
      role,
      rotation,
      override,
    ]),
  );
}
