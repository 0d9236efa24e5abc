import type { Instant, Interval } from '@watchbill/core';
import {
  DAY_MS,
  dayOfWall,
  FIRST_INSTANT,
  formatInstant,
  isZone,
  knownZones,
  LAST_INSTANT,
  nearest,
  parseInstant,
  parseWall,
  toUtc,
  toWall,
} from '@watchbill/core';
import { BadInput } from './bad-input.ts';

/** The longest window a command answers for: 20 years with their leap days. */
export const WINDOW_MAX_DAYS = 20 * 366;

/**
 * The instant of a date (its midnight in `zone`), a local date-time in `zone`, or a date-time with Z or an
 * offset. Throws BadInput that names the option.
 */
export function readWhen(text: string, zone: string, option: string): Instant {
  const trimmed = text.trim();
  const wall = parseWall(trimmed);
  const at = wall === null ? parseInstant(trimmed) : toUtc(wall, zone, 'first');
  if (at === null) {
    throw new BadInput(
      `${option}: "${text}" is not a date or time that exists. Write 2026-11-30 (midnight in ${zone}), ` +
        `2026-11-30T09:00 (local time in ${zone}) or 2026-11-30T09:00:00Z.`,
    );
  }
  if (at < FIRST_INSTANT || at >= LAST_INSTANT) {
    throw new BadInput(`${option}: "${text}" is outside the years 1970 to 2199.`);
  }
  return at;
}

/** Whether the text means another instant in another zone. */
export function isLocal(text: string): boolean {
  return parseWall(text.trim()) !== null;
}

/** What a command line says about a window: `--from` and `--to`, and what stands for them when they are missing. */
export interface WindowWish {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly now: Instant;
  /** Local days from the start to the end when there is no `--to`. */
  readonly days: number;
}

/**
 * The window `[from, to)` in the zone of a schedule: from today's midnight on without `--from`. Throws BadInput
 * when it is empty or longer than 20 years.
 */
export function readWindow(wish: WindowWish, zone: string): Interval {
  const { from, to, now, days } = wish;
  const start = from === undefined ? localMidnight(now, 0, zone) : readWhen(from, zone, '--from');
  const end = to === undefined ? localMidnight(start, days, zone) : readWhen(to, zone, '--to');
  if (start >= end) {
    const said = from === undefined ? `${formatInstant(start)} (the default)` : from;
    throw new BadInput(`--from must be before --to, but ${said} is not before ${to}.`);
  }
  checkLength(start, end);
  return { start, end };
}

/** The midnight `days` local days after the one that begins the local day of `at`. */
function localMidnight(at: Instant, days: number, zone: string): Instant {
  return toUtc((dayOfWall(toWall(at, zone)) + days) * DAY_MS, zone, 'first');
}

/** Throws BadInput for a window longer than the longest one answered for. */
export function checkLength(start: Instant, end: Instant): void {
  if (end - start <= WINDOW_MAX_DAYS * DAY_MS) return;
  throw new BadInput('The window is longer than 20 years. Ask for a shorter one.');
}

/** A zone named on the command line. Throws BadInput for one that is not in the IANA list. */
export function readZone(text: string): string {
  if (isZone(text)) return text;
  const near = nearest(text, knownZones());
  const hint = near === null ? 'Write one such as Europe/London or UTC.' : `Did you mean "${near}"?`;
  throw new BadInput(`--time-zone: "${text}" is not an IANA time zone. ${hint}`);
}
