import { z } from 'zod';
import { component, id, instant, instantInput, pageSchema } from './scalars.ts';
import { personChange, shiftCounts } from './schedule-schema.ts';

const MAX_VERSION = 2 ** 31 - 1;

/** The version of a plan in a path. */
export const planVersion = z.coerce.number().int().min(1).max(MAX_VERSION);

const planHead = {
  id: z.string(),
  version: z.int().describe('Counts the plans of this schedule.'),
  status: z.enum(['draft', 'published', 'superseded', 'discarded']),
  from: instant.describe('From when on the plan counts burden; turns that had begun are as they were.'),
  to: instant,
  seed: z.number(),
  engine: z.string().describe('Version of the planner.'),
  tzdata: z.string().describe('Version of the time-zone data.'),
  inputHash: z.string().describe('Of everything that the plan follows from: the same hash, the same plan.'),
  value: z.number().nullable().describe('What the planner makes small; only to be compared with `bound`.'),
  bound: z
    .number()
    .nullable()
    .describe('No plan with the same gaps can be below this. Null where changes were to be few.'),
  reason: z
    .string()
    .describe('Why it was made: `request`, `absence`, `people`, `configuration`, `override`, `horizon`.'),
  createdBy: z.string(),
  createdAt: instant,
  publishedBy: z.string().nullable(),
  publishedAt: instant.nullable(),
};

export const planSummary = component('Plan', z.object(planHead));
export const planPage = pageSchema('PlanPage', planSummary);

const gapReason = z.object({
  person: z.string(),
  rule: z.string(),
  unit: z.string().nullable().describe('The turn it collides with.'),
});

const gap = z.looseObject({
  unit: z.string(),
  proof: z.enum(['unavoidable', 'not-proven']).describe('`unavoidable`: no plan leaves less uncovered.'),
  words: z.string().nullable().describe('Which rules clash, and the smallest changes that would help.'),
  refused: z.array(gapReason),
});

export const planDetail = component(
  'PlanDetail',
  z.object({
    ...planHead,
    schedules: z.array(z.object({ schedule: z.string(), version: z.int() })).describe('Planned together.'),
    difference: z
      .object({
        schedules: z.array(z.object({ id: z.string(), shifts: shiftCounts })),
        people: z.array(personChange),
      })
      .describe('What publishing it changes within the stored horizon, as of its making.'),
    changes: z.array(
      z.object({
        unit: z.string(),
        from: z.string().nullable(),
        to: z.string().nullable(),
        reason: z.enum(['forced', 'consequential', 'chosen']),
        rule: z.string().nullable(),
      }),
    ),
    gaps: z.array(gap).describe('Turns that nobody can take, and what keeps each person from them.'),
    file: z
      .looseObject({ version: z.literal(1), gaps: z.array(gap) })
      .describe('The whole plan, as `watchbill plan` writes it.'),
  }),
);

export const newPlan = component(
  'NewPlan',
  z
    .strictObject({
      keep: z
        .enum(['all', 'published', 'begun'])
        .optional()
        .describe(
          'What of the plan in force is kept where it can stand: all of it; what lies within `publishAheadDays` (the default); or only turns that have begun.',
        ),
      seed: z
        .int()
        .min(0)
        .max(2 ** 32 - 1)
        .optional()
        .describe('Another seed, another plan of the same quality.'),
      async: z.boolean().optional().describe('True: answer at once with a job; as `Prefer: respond-async`.'),
    })
    .meta({ examples: [{ keep: 'published' }] }),
);

export const planJob = component(
  'PlanJob',
  z.object({
    id: z.string(),
    schedule: z.string(),
    state: z
      .enum(['waiting', 'running', 'done', 'refused'])
      .describe('`waiting` for a planner; `done`: see `plan`; `refused`: see `refusal`.'),
    stage: z
      .string()
      .nullable()
      .describe(
        'What a planner is at: `preparing`, `searching`, `bounding` (how good it can be), `proving` (what is open), `storing`.',
      ),
    progress: z.number().min(0).max(1),
    plan: z
      .object({
        id: z.string().nullable().describe('Null once the plan is deleted.'),
        version: z.int(),
        made: z.boolean().describe('False where a plan of the same input was there already.'),
        href: z.string(),
      })
      .nullable(),
    refusal: z.object({ code: z.string(), detail: z.string() }).nullable(),
    requestedBy: z.string(),
    requestedAt: instant,
    startedAt: instant.nullable(),
    finishedAt: instant.nullable(),
  }),
);

export const publishedPlan = component(
  'PublishedPlan',
  z.object({
    id: z.string(),
    schedules: z.array(z.object({ schedule: z.string(), version: z.int(), shifts: shiftCounts })),
  }),
);

const price = z.object({
  person: z.string(),
  total: z.number(),
  load: z.number().describe('From the whole load, and what is carried.'),
  restDays: z.number().describe('From weekends and holidays.'),
  recent: z.number().describe('From the load of the same four weeks.'),
  wishes: z.number().describe('Nights that others could stand with less night, and wishes.'),
  changes: z.number().describe('Planned turns that would change hands; these count before all else.'),
  level: z.number().describe('Burden-hours for a full share.'),
});

export const explanation = component(
  'Explanation',
  z.object({
    at: instant,
    turns: z.array(
      z.object({
        unit: z.string(),
        rotation: z.string(),
        role: z.string(),
        start: instant,
        end: instant,
        assigned: z.string().nullable(),
        candidates: z.array(price).describe('All who could, cheapest first; prices in burden-hours.'),
        refused: z.array(gapReason).describe('All who could not, and the rule.'),
        covered: z
          .array(
            z.object({
              start: instant,
              end: instant,
              person: z.string(),
              override: z.string(),
              burden: z.number().nullable().describe('What it weighs for them, in burden-hours.'),
              spared: z.number().nullable().describe('What it would have weighed for the holder.'),
            }),
          )
          .describe('What others stand of the turn by overrides. Covered as a whole, it has no prices.'),
      }),
    ),
  }),
);

export const explainQuery = z.strictObject({
  at: instantInput.optional().describe('Default: now.'),
  role: id.optional().describe('Default: every role.'),
});

const hours = z.number().describe('Burden-hours: one is an hour of primary in the own core hours.');
const byClass = z.object({
  core: z.number(),
  waking: z.number(),
  night: z.number(),
  weekend: z.number(),
  weekendNight: z.number(),
  holiday: z.number(),
  holidayNight: z.number(),
});

export const fairness = component(
  'Fairness',
  z.object({
    schedule: z.string(),
    from: instant,
    to: instant,
    people: z.array(
      z.object({
        person: z.string(),
        hours: z.number(),
        byClass: byClass.describe('Hours by what they are for the person in their own local time.'),
        nights: z.int(),
        weekends: z.int(),
        holidays: z.int(),
        burden: hours,
        restDayBurden: hours.describe('The part of it in weekends and holidays.'),
        share: z.number().describe('1 is a full load over the whole window; 0 for who only stood in.'),
        carried: hours.describe('From closed periods: above 0, more than the fair part.'),
        level: hours.nullable().describe('Burden for a full share.'),
        deviation: hours.describe('Above 0: more than the fair part of this window.'),
      }),
    ),
    spread: z.object({ range: z.number(), variationPercent: z.number(), gini: z.number() }),
  }),
);
