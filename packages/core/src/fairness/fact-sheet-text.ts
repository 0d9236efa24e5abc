import type { CoreWindow, FactSheet, FactSheetPerson } from './fact-sheet.ts';

/** What a sheet is called, and what it says of itself. */
export interface FactSheetTitle {
  readonly name: string;
  readonly description: string | null;
}

/** A fact in words, under its heading. */
export interface Fact {
  readonly name: string;
  readonly text: string;
}

const ALWAYS_HOURS = 168;

/** The facts of a sheet in words, in their order; the table of people is apart. */
export function factsOf(sheet: FactSheet): Fact[] {
  const { oneWeekIn, quarter, pages, answerMinutes } = sheet;
  return [
    { name: 'Covers', text: coverageText(sheet) },
    ...(sheet.coreWindows.length === 0
      ? []
      : [{ name: 'Core hours', text: sheet.coreWindows.map(windowText).join('; ') }]),
    { name: 'Time zone', text: sheet.timeZone },
    { name: 'Roles', text: sheet.roles.join(', ') },
    {
      name: 'How often',
      text: oneWeekIn === null ? 'Nobody is on call.' : `A member is on call about one week in ${oneWeekIn}.`,
    },
    ...(quarter === null
      ? []
      : [
          {
            name: 'In a quarter, a member stands about',
            text: `${quarter.hours} hours, ${quarter.nights} nights, ${quarter.weekends} weekends, ${quarter.holidays} holidays`,
          },
        ]),
    {
      name: 'Pages to expect',
      text:
        pages === null
          ? 'Too little is known yet.'
          : `About ${pages.perWeek} a week, ${pages.outsideCorePerWeek} of them outside core hours, by the last ${pages.weeks === 1 ? 'week' : `${pages.weeks} weeks`}.`,
    },
    ...(answerMinutes === null
      ? []
      : [
          {
            name: 'How fast to answer',
            text: `Within ${minutes(answerMinutes)}; then somebody else is called.`,
          },
        ]),
    {
      name: 'Who takes part',
      text: sheet.people.length === 0 ? 'Nobody yet.' : sheet.people.map(shownName).join(', '),
    },
  ];
}

/** Each who takes part, with what they stand in a quarter. */
export function factRows(sheet: FactSheet): (readonly [string, number, number, number, number])[] {
  return sheet.people.map(
    (one) => [shownName(one), one.hours, one.nights, one.weekends, one.holidays] as const,
  );
}

/** The headings of `factRows`. */
export const FACT_COLUMNS = ['in a quarter', 'hours', 'nights', 'weekends', 'holidays'] as const;

/** A fact sheet as Markdown. */
export function factSheetMarkdown(sheet: FactSheet, { name, description }: FactSheetTitle): string {
  const rows = factRows(sheet).map(
    ([who, ...figures]) => `| ${[plain(who), ...figures.map(String)].join(' | ')} |`,
  );
  return [
    `# ${plain(name)}`,
    '',
    ...(description === null ? [] : [plain(description).replaceAll(/\s+/g, ' '), '']),
    ...factsOf(sheet).map((fact) => `- ${fact.name}: ${plain(fact.text)}`),
    '',
    `| ${FACT_COLUMNS.join(' | ')} |`,
    '| --- | --: | --: | --: | --: |',
    ...rows,
    '',
  ].join('\n');
}

function coverageText({ coveredHours, coreHours, nonCoreHours }: FactSheet): string {
  const all =
    coveredHours >= ALWAYS_HOURS ? 'Day and night, 168 hours a week' : `${coveredHours} hours a week`;
  if (coreHours === 0) return `${all}.`;
  return `${all}: ${coreHours} core hours, ${nonCoreHours} others.`;
}

function windowText({ days, from, to, timeZone }: CoreWindow): string {
  const names = days.map((day) => `${day.charAt(0).toUpperCase()}${day.slice(1)}`);
  return `${names.join(', ')} ${from} to ${to} (${timeZone})`;
}

function minutes(count: number): string {
  return count === 1 ? '1 minute' : `${count} minutes`;
}

function shownName({ name, firstName }: FactSheetPerson): string {
  return name ?? firstName;
}

/** Names are people's own: nothing in them is a mark of the format. */
function plain(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>|#]/g, (sign) => `\\${sign}`);
}
