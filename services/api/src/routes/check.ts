import { findScheduleDetail, isoInstant } from '@watchbill/database';
import { z } from 'zod';
import { guarded } from '../access/guard.ts';
import { readCheck } from '../check/read-check.ts';
import type { Api, ApiContext } from '../context.ts';
import { found } from '../http/not-found.ts';
import { CHECK_WEEKS, checkQuery, scheduleCheck } from '../schemas/check-schema.ts';
import { refusals } from '../schemas/problem-schema.ts';
import { id } from '../schemas/scalars.ts';
import { isoOrNull } from './iso.ts';

const params = z.strictObject({ schedule: id });

/** What is valid in a schedule but not wise. */
export function addCheckRoutes(app: Api, { database, clock }: ApiContext): void {
  app.get(
    '/v1/schedules/:schedule/check',
    guarded('schedules:read', {
      operationId: 'checkSchedule',
      summary: 'Gaps, missing rest, who takes no part and why, and the rule packs that the schedule asks for',
      description:
        'By the stored shifts, after overrides and absences. Rules count all of the people’s time on call, on other schedules too.',
      tags: ['schedules'],
      params,
      querystring: checkQuery,
      response: { 200: scheduleCheck, ...refusals(404, 422) },
    }),
    async ({ params: { schedule }, query }) => {
      const { from = clock.now(), weeks = CHECK_WEEKS.default, rules = [] } = query;
      const row = found(await findScheduleDetail(database, schedule), 'schedule');
      const report = await readCheck(database, { row, from, weeks, packs: rules });
      const packs = new Map(report.packs.map(({ pack }) => [pack.id, pack]));
      return {
        ...{ schedule, from: isoInstant(from), weeks },
        packs: [...packs.values()].map(({ id: name, title, note }) => ({ id: name, title, note })),
        warnings: report.warnings.map(({ at, stretches = [], ...warning }) => ({
          ...{ ...warning, at: isoOrNull(at) },
          stretches: stretches.map(({ start, end }) => ({ start: isoInstant(start), end: isoInstant(end) })),
        })),
        participation: report.participation.map(({ team, schedules, people }) => ({
          team,
          schedules: [...schedules],
          people: people.map((one) => ({ ...one, missing: one.missing.map((part) => ({ ...part })) })),
        })),
        notes: [...report.notes],
      };
    },
  );
}
