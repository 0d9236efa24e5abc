import type { ConfigModel, RotationModel } from '@watchbill/config';
import type { Instant, Interval } from '@watchbill/core';
import { formatInstant, formatWall, isZone, LIMITS, toUtc, toWall } from '@watchbill/core';
import { BadInput } from '../input/bad-input.ts';
import type { RawCalendar } from './calendar-text.ts';
import { cutCalendar } from './calendar-text.ts';
import { zonesOf } from './calendar-zones.ts';
import { cutDoubles } from './cut-doubles.ts';
import type { Expanded } from './expand-events.ts';
import { expandEvents } from './expand-events.ts';
import type { CalendarTurn, Lane } from './lay-turns.ts';
import { countOverlapping, dropDuplicates, gapsBetween, layTurns } from './lay-turns.ts';
import type { NamedSummaries } from './name-people.ts';
import { cleanText, namePeople, slugOf } from './name-people.ts';
import type { CalendarEvent, Skipped } from './read-event.ts';
import { readEvent } from './read-event.ts';

export interface ImportOptions {
  /** How the file is called in messages. */
  readonly file: string;
  /** The zone of dates and of times without a zone; null takes the calendar's X-WR-TIMEZONE, else UTC. */
  readonly timeZone: string | null;
  readonly personPattern: string | null;
  readonly schedule: string | null;
  /** Turns that have ended by this instant are left out; null keeps all. */
  readonly fromIn: (timeZone: string) => Instant | null;
  /** Repeating events are followed up to this instant, which may be a local one. */
  readonly untilIn: (timeZone: string) => Instant;
}

/** What an import found, for the report. */
export interface ImportReport {
  readonly name: string | null;
  readonly timeZone: string;
  readonly zoneFrom: 'option' | 'calendar' | 'default';
  /** An X-WR-TIMEZONE that is no IANA name. */
  readonly unknownZone: string | null;
  readonly events: number;
  readonly turns: readonly CalendarTurn[];
  readonly lanes: number;
  readonly overlapping: number;
  readonly gaps: readonly Interval[];
  readonly duplicates: number;
  /** Turns left out because they ended before those asked for. */
  readonly beforeFrom: number;
  /** Turns shortened because their person's next turn begins before they end. */
  readonly cutTurns: number;
  readonly repeatingEvents: number;
  readonly cutSeries: number;
  readonly skipped: readonly Skipped[];
  readonly names: NamedSummaries;
}

export interface Imported {
  /** A watchbill.yaml that holds the calendar's turns. */
  readonly config: ConfigModel;
  readonly report: ImportReport;
}

/**
 * Reads an iCalendar file as the turns of one schedule with fixed rotations, whose timeline is what the
 * calendar says. Throws BadInput when the file is no calendar or holds no turn.
 */
export function importCalendar(bytes: Uint8Array, options: ImportOptions): Imported {
  const raw = cutCalendar(bytes, options.file);
  const zone = homeZone(raw, options.timeZone);
  const { events, skipped } = readAll(raw);
  const expanded = expandEvents(events, zonesOf(raw.zones, zone.timeZone), options.untilIn(zone.timeZone));
  const names = namePeople(
    expanded.occurrences.map((occurrence) => occurrence.summary),
    options.personPattern,
  );
  const named = nameTurns(expanded, names, options.personPattern !== null);
  const fromAt = options.fromIn(zone.timeZone) ?? Number.NEGATIVE_INFINITY;
  const asked = named.turns.filter(({ end }) => end > fromAt);
  const { turns, dropped } = dropDuplicates(asked);
  const { turns: single, cut } = cutDoubles(turns);
  const report = {
    name: raw.name === null ? null : cleanText(raw.name) || null,
    ...zone,
    events: raw.events.length,
    duplicates: dropped,
    beforeFrom: named.turns.length - asked.length,
    cutTurns: cut,
    overlapping: countOverlapping(turns),
    gaps: gapsBetween(turns),
    repeatingEvents: expanded.repeatingEvents,
    cutSeries: expanded.cutSeries,
    skipped: [...skipped, ...expanded.skipped, ...named.skipped].sort((a, b) => a.line - b.line),
    names,
    turns,
  };
  if (turns.length === 0) throw new BadInput(nothingFound(options.file, report));
  checkPeople(names);
  const lanes = layTurns(single);
  return {
    config: configOf(lanes, { report, schedule: options.schedule }),
    report: { ...report, lanes: lanes.length },
  };
}

type HomeZone = Pick<ImportReport, 'timeZone' | 'zoneFrom' | 'unknownZone'>;

function homeZone(raw: RawCalendar, wanted: string | null): HomeZone {
  if (wanted !== null) return { timeZone: wanted, zoneFrom: 'option', unknownZone: null };
  if (raw.zone !== null && isZone(raw.zone)) {
    return { timeZone: raw.zone, zoneFrom: 'calendar', unknownZone: null };
  }
  return { timeZone: 'UTC', zoneFrom: 'default', unknownZone: raw.zone };
}

function readAll(raw: RawCalendar): { events: CalendarEvent[]; skipped: Skipped[] } {
  const events: CalendarEvent[] = [];
  const skipped: Skipped[] = [];
  for (const part of raw.events) {
    const read = readEvent(part);
    if (read.ok) events.push(read.event);
    else skipped.push(read.skipped);
  }
  return { events, skipped };
}

function nameTurns(
  expanded: Expanded,
  names: NamedSummaries,
  byPattern: boolean,
): { turns: CalendarTurn[]; skipped: Skipped[] } {
  const turns: CalendarTurn[] = [];
  const skipped: Skipped[] = [];
  for (const { start, end, summary, line } of expanded.occurrences) {
    const people = names.idsOf(summary);
    if (people.length > LIMITS.peoplePerMember) {
      skipped.push({ line, summary, reason: `it names more than ${LIMITS.peoplePerMember} people` });
    } else if (people.length > 0) {
      turns.push({ start, end, people });
    } else {
      const reason = byPattern ? 'its summary does not match the pattern' : 'its summary names nobody';
      skipped.push({ line, summary, reason });
    }
  }
  return { turns, skipped };
}

function nothingFound(file: string, report: Omit<ImportReport, 'lanes'>): string {
  if (report.events === 0) return `${file}: the calendar has no events.`;
  if (report.beforeFrom > 0) return `${file}: all ${report.beforeFrom} turns have ended by --from.`;
  const first = report.skipped[0];
  const why = first === undefined ? '' : ` The first, on line ${first.line}: ${first.reason}.`;
  return `${file}: none of the ${report.events} events can be read as a turn.${why}`;
}

function checkPeople(names: NamedSummaries): void {
  if (names.people.length <= LIMITS.teamMembers) return;
  throw new BadInput(
    `the summaries name ${names.people.length} people. Name the part that is a person with --person-pattern.`,
  );
}

const ROTATION_ID = 'calendar';
const FALLBACK_ID = 'imported';

function configOf(
  lanes: readonly Lane[],
  { report, schedule }: { report: Omit<ImportReport, 'lanes'>; schedule: string | null },
): ConfigModel {
  const { timeZone } = report;
  const id = schedule ?? (slugOf(report.name ?? '') || FALLBACK_ID);
  const people = report.names.people.map(({ id: person, name }) => ({ id: person, name }));
  const rotations = lanes.map(
    (lane, index): RotationModel => ({
      id: index === 0 ? ROTATION_ID : `${ROTATION_ID}-${index + 1}`,
      strategy: 'fixed',
      turns: lane.map((turn) => ({
        from: writeTime(turn.start, timeZone),
        to: writeTime(turn.end, timeZone),
        person: turn.people.length === 1 ? (turn.people[0] as string) : [...turn.people],
      })),
    }),
  );
  const team = {
    id,
    ...(report.name === null ? {} : { name: report.name }),
    members: people.map((one) => one.id),
  };
  return { version: 1, people, teams: [team], schedules: [{ id, team: id, timeZone, rotations }] };
}

/** Local time where it says exactly this instant; in the repeated hour of autumn an instant with Z. */
function writeTime(at: Instant, zone: string): string {
  const wall = toWall(at, zone);
  return toUtc(wall, zone, 'first') === at ? formatWall(wall) : formatInstant(at);
}
