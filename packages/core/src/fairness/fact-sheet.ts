import type { PersonId, Schedule, ScheduleId, ZoneName } from '../schedule/schedule.ts';
import { HOUR_MS, type Interval, intersect, totalMs } from '../time/interval.ts';
import { hoursIn } from '../timeline/hours.ts';

/** A rotation in a few figures, for somebody who thinks of joining it. */
export interface FactSheet {
  readonly schedule: ScheduleId;
  readonly timeZone: ZoneName;
  readonly roles: readonly string[];
  /** Hours a week that somebody has to be on call, and how many of them are core hours. */
  readonly coveredHours: number;
  readonly coreHours: number;
  readonly nonCoreHours: number;
  /** A member is on call one week's worth of hours in this many weeks; null where nobody is. */
  readonly oneWeekIn: number | null;
  readonly people: readonly FactSheetPerson[];
}

/** What one who takes part stands in a quarter. */
export interface FactSheetPerson {
  readonly firstName: string;
  readonly hours: number;
  readonly nights: number;
  readonly weekends: number;
  readonly holidays: number;
}

/** What a person stands in the window. */
export interface StoodFigures extends Omit<FactSheetPerson, 'firstName'> {
  readonly person: PersonId;
}

export interface FactSheetInput {
  readonly schedule: Schedule;
  readonly window: Interval;
  readonly names: ReadonlyMap<PersonId, string>;
  readonly stood: readonly StoodFigures[];
}

const WEEK_MS = 7 * 24 * HOUR_MS;
const QUARTER_WEEKS = 13;

/**
 * The fact sheet of a schedule from what people stand in a window, scaled to a week and to a quarter of 13 weeks. Who
 * stands nothing in it is left out. Throws a RangeError for an empty window.
 */
export function factSheetOf({ schedule, window, names, stood }: FactSheetInput): FactSheet {
  if (!(window.start < window.end)) throw new RangeError('The window must end after it starts');
  const weeks = (window.end - window.start) / WEEK_MS;
  const covered = hoursIn(schedule.coverage, schedule.coreHours, window);
  const core = intersect(covered, hoursIn({ kind: 'core' }, schedule.coreHours, window));
  const coveredHours = totalMs(covered) / HOUR_MS;
  const coreHours = totalMs(core) / HOUR_MS;
  const members = stood.filter(({ hours }) => hours > 0);
  const mean = members.reduce((sum, { hours }) => sum + hours, 0) / Math.max(1, members.length);
  return {
    ...{ schedule: schedule.id, timeZone: schedule.timeZone, roles: schedule.roles },
    coveredHours: tenth(coveredHours / weeks),
    coreHours: tenth(coreHours / weeks),
    nonCoreHours: tenth((coveredHours - coreHours) / weeks),
    oneWeekIn: mean === 0 || coveredHours === 0 ? null : tenth(coveredHours / mean),
    people: members
      .map((one): FactSheetPerson => {
        const scaled = (value: number) => tenth((value / weeks) * QUARTER_WEEKS);
        return {
          firstName: (names.get(one.person) ?? one.person).split(' ')[0] ?? one.person,
          ...{ hours: scaled(one.hours), nights: scaled(one.nights) },
          ...{ weekends: scaled(one.weekends), holidays: scaled(one.holidays) },
        };
      })
      .sort((a, b) => (a.firstName < b.firstName ? -1 : a.firstName > b.firstName ? 1 : 0)),
  };
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

/** A fact sheet as Markdown. */
export function factSheetMarkdown(sheet: FactSheet, name: string): string {
  const rows = sheet.people.map(
    ({ firstName, hours, nights, weekends, holidays }) =>
      `| ${plain(firstName)} | ${hours} | ${nights} | ${weekends} | ${holidays} |`,
  );
  return [
    `# ${plain(name)}`,
    '',
    `- Covers ${sheet.coveredHours} hours a week: ${sheet.coreHours} core hours, ${sheet.nonCoreHours} others (${sheet.timeZone}).`,
    `- Roles: ${sheet.roles.join(', ')}.`,
    ...(sheet.oneWeekIn === null ? [] : [`- A member is on call about one week in ${sheet.oneWeekIn}.`]),
    '',
    '| in a quarter | hours | nights | weekends | holidays |',
    '| --- | --: | --: | --: | --: |',
    ...rows,
    '',
  ].join('\n');
}

/** Names are people's own: nothing in them is a mark of the format. */
function plain(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>|#]/g, (sign) => `\\${sign}`);
}
