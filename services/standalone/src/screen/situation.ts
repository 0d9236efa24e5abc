import { DAY_MS, type Instant } from '@watchbill/core';
import {
  clockNow,
  type Database,
  type OnCallRow,
  onCallRows,
  pageSchedules,
  type ScheduleSummaryRow,
  shiftsWithin,
} from '@watchbill/database';
import { instantText } from './instant-text.ts';
import { type NameOf, namesOf, readNames } from './names.ts';
import { nextHandoffs } from './next-handoffs.ts';
import { textColumns } from './text-columns.ts';

/** The screen shows the start; the API shows everything. */
const SCHEDULES_SHOWN = 5;
const HANDOFFS_SHOWN = 4;
const LOOK_AHEAD_MS = 14 * DAY_MS;
const MAX_SHIFTS = 500;

/** Who is on call now and what comes next, for each schedule in its own zone, as lines for a terminal. */
export async function situationText(database: Database): Promise<string[]> {
  const now = await clockNow(database);
  const nameOf = await readNames(database);
  const page = { after: '', limit: SCHEDULES_SHOWN + 1, retired: false };
  const schedules = await pageSchedules(database, page);
  const shown = schedules.slice(0, SCHEDULES_SHOWN);
  const lines: string[] = [];
  for (const schedule of shown) lines.push(...(await scheduleText(database, schedule, { now, nameOf })), '');
  if (schedules.length > shown.length) lines.push('There are more schedules; the API lists them all.', '');
  return lines;
}

async function scheduleText(
  database: Database,
  schedule: ScheduleSummaryRow,
  { now, nameOf }: { readonly now: Instant; readonly nameOf: NameOf },
): Promise<string[]> {
  const { id, timeZone } = schedule;
  const to = now + LOOK_AHEAD_MS;
  const shifts = await shiftsWithin(database, { schedule: id, from: now, to, limit: MAX_SHIFTS });
  const until = shifts.length < MAX_SHIFTS ? to : (shifts.at(-1)?.startsAt ?? to);
  const handoffs = nextHandoffs(shifts, { from: now, to: until }).slice(0, HANDOFFS_SHOWN);
  const current = (await onCallRows(database, [id], now)).filter((row) => row.kind === 'now');
  const next = handoffs.map(({ at, role, outgoing, incoming }) => [
    instantText(at, timeZone),
    role,
    `${namesOf(outgoing, nameOf)} → ${namesOf(incoming, nameOf)}`,
  ]);
  return [
    `${id}: on call now, ${instantText(now, timeZone)} (${timeZone})`,
    ...textColumns(
      current.length > 0 ? current.map((row) => currentRow(row, timeZone, nameOf)) : [['nobody']],
    ),
    ...(next.length > 0 ? [`next handoffs (${timeZone})`, ...textColumns(next)] : []),
  ];
}

function currentRow(row: OnCallRow, timeZone: string, nameOf: NameOf): string[] {
  return [row.role, nameOf(row.person), `until ${instantText(row.endsAt, timeZone)}`];
}
