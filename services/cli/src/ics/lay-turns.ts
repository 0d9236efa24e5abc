import type { Instant, Interval } from '@watchbill/core';
import { complement, LIMITS, normalise } from '@watchbill/core';

/** One turn of the calendar: a stretch of time and the people who are on call together in it. */
export interface CalendarTurn {
  readonly start: Instant;
  readonly end: Instant;
  readonly people: readonly string[];
}

/** Turns of one fixed rotation: sorted, and none begins before the one before it ends. */
export type Lane = readonly CalendarTurn[];

/**
 * Lays turns, sorted by start, into as few lanes as hold them: turns that overlap go to different lanes, which
 * become rotations of equal layer, so that their people are on call together just as the calendar says.
 * `cutDoubles` has refused more turns at once than a schedule has room for.
 */
export function layTurns(turns: readonly CalendarTurn[]): Lane[] {
  const lanes: CalendarTurn[][] = [];
  for (const turn of turns) {
    const free = lanes.find((lane) => {
      const last = lane.at(-1);
      return lane.length < LIMITS.turnsPerRotation && (last === undefined || last.end <= turn.start);
    });
    if (free === undefined) lanes.push([turn]);
    else free.push(turn);
  }
  return lanes;
}

/** The stretches between the first and the last turn in which nobody is on call. */
export function gapsBetween(turns: readonly CalendarTurn[]): Interval[] {
  const covered = normalise(turns);
  const first = covered[0];
  const last = covered.at(-1);
  if (first === undefined || last === undefined) return [];
  return complement(covered, { start: first.start, end: last.end });
}

/** How many turns begin while another one is still running. */
export function countOverlapping(turns: readonly CalendarTurn[]): number {
  let count = 0;
  let end = Number.NEGATIVE_INFINITY;
  for (const turn of turns) {
    if (turn.start < end) count += 1;
    end = Math.max(end, turn.end);
  }
  return count;
}

/** Turns without those that say the same once more, and how many those were. Expects turns sorted by start. */
export function dropDuplicates(turns: readonly CalendarTurn[]): { turns: CalendarTurn[]; dropped: number } {
  const seen = new Set<string>();
  const kept = turns.filter((turn) => {
    const key = `${turn.start} ${turn.end} ${[...turn.people].sort().join(' ')}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  return { turns: kept, dropped: turns.length - kept.length };
}
