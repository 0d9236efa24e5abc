import { readFairness } from '@watchbill/commands';
import { holidayCalendar } from '@watchbill/config';
import { DAY_MS } from '@watchbill/core';
import type { Message } from '../../blocks/elements.ts';
import { fairnessMessage } from '../../blocks/fairness-blocks.ts';
import { loadPeople } from '../../render/load-people.ts';
import type { Visit } from '../desk/visit.ts';
import { LOAD_WEEKS } from '../reads/own-loads.ts';
import { meantSchedule } from '../reads/schedules.ts';

/** The burden table of a schedule. */
export async function answerFairness(visit: Visit, named: string | null): Promise<Message> {
  const meant = await meantSchedule(visit, named);
  if (!meant.ok) return meant.answer;
  const { id, timeZone } = meant.schedule;
  const { database } = visit.desk.deps;
  const window = { from: visit.now - LOAD_WEEKS * 7 * DAY_MS, to: visit.now };
  const report = await readFairness(database, { schedule: id, ...window }, { holidayCalendar });
  const rows = report?.people ?? [];
  const people = await loadPeople(
    database,
    visit.workspace,
    rows.map(({ person }) => person),
  );
  return fairnessMessage({
    ...{ schedule: id, zone: timeZone, ...window, people },
    rows: rows.map(({ person, hours, level, deviation, carried }) => ({
      person,
      hours,
      level,
      deviation,
      carried,
    })),
    variationPercent: report?.spread.variationPercent ?? 0,
  });
}
