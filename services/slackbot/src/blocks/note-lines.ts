import { formatWall } from '@watchbill/core';
import type { TimeNote } from '../words/time-reading.ts';
import { time } from './text.ts';

const SHOWN_NOTES = 3;

/** What was taken for local times that a clock change makes doubtful, and how to say the other. */
export function noteLines(notes: readonly TimeNote[]): string[] {
  return notes.slice(0, SHOWN_NOTES).map(({ kind, wall, zone, taken }) => {
    const said = formatWall(wall).replace('T', ' ');
    if (kind === 'skipped') {
      return `The clocks skip ${said} in ${zone}; I took the first minute after it, ${time(taken, zone)}.`;
    }
    return `${said} comes twice in ${zone} that night; I took ${time(taken, 'UTC')}. Write a time with UTC for the other.`;
  });
}
