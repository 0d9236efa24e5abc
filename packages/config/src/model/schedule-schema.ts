import { LIMITS, RULE_PACKS } from '@watchbill/core';
import { z } from 'zod';
import {
  clockTime,
  dateTime,
  hoursWindow,
  id,
  list,
  numberWithin,
  oneOrMoreWindows,
  people,
  text,
  whole,
  zone,
} from './scalars.ts';

export const CADENCE_UNITS = ['hour', 'day', 'week', 'month'] as const;
const HOURS_PHRASE = 'all, core, non-core, or a list of windows { days, from, to }';
const COVERAGE_PHRASE = 'always, core, non-core, or a list of windows { days, from, to }';
const windows = list(hoursWindow, { min: 1, max: LIMITS.windowsPerHours });

const cadence = z
  .strictObject({
    every: whole(1, LIMITS.cadenceEvery).meta({
      description: 'How many units one turn lasts.',
      examples: [1],
    }),
    unit: z.enum(CADENCE_UNITS, { error: `one of ${CADENCE_UNITS.join(', ')}` }),
  })
  .meta({ description: 'How long a turn lasts, by the wall clock.', examples: [{ every: 1, unit: 'week' }] });

const roster = z
  .union([z.literal('team'), list(people, { min: 1, max: LIMITS.rosterPerRotation })], {
    error: 'a list of ids (a list inside it is on call together, nobody is a vacant seat), or team',
  })
  .meta({
    description:
      'Who takes turns, in order. A list inside the list is on call together; nobody is a vacant seat; team is every member of the team.',
    examples: [['amara', 'benji', 'nobody', ['cleo', 'dev']]],
  });

const start = dateTime.meta({
  description: 'The phase anchor: the first member holds the turn that contains this wall time.',
  examples: ['2026-11-30T09:00'],
});

const rotationKeys = {
  id,
  name: text.optional(),
  role: id.optional().meta({ description: 'Role it serves. Default: the first role of the schedule.' }),
  layer: whole(-LIMITS.layer, LIMITS.layer).optional().meta({
    description: 'Higher hides lower while in force; equal layers are on call together. Default 0.',
  }),
  hours: z
    .union([z.enum(['all', 'core', 'non-core']), windows], { error: HOURS_PHRASE })
    .optional()
    .meta({ description: 'When the rotation is in force within the week. Default all.' }),
  timeZone: zone
    .optional()
    .meta({ description: "Zone of cadence, start and effective times. Default: the schedule's." }),
  effectiveFrom: dateTime.optional().meta({ description: 'In force from here on.' }),
  effectiveUntil: dateTime.optional().meta({ description: 'In force before this.' }),
};

const inOrderRotation = z
  .strictObject({
    ...rotationKeys,
    strategy: z
      .literal('in_order')
      .optional()
      .meta({ description: 'Turns go round in the order of the roster. The default.' }),
    roster,
    cadence,
    start,
    count: z.enum(['elapsed', 'worked'], { error: 'elapsed or worked' }).optional().meta({
      description:
        'Which turns count for the order: all (elapsed, the default) or those with hours in force (worked).',
    }),
  })
  .meta({ description: 'A roster taking turns in order.' });

const constraints = z
  .strictObject({
    restHours: whole(0, 168).optional(),
    maxConsecutiveDays: whole(1, 366).optional(),
    maxConsecutiveNights: whole(1, 366).optional(),
    maxConsecutiveWeekends: whole(1, 4).optional(),
    maxUnitsIn7Days: whole(1, 336).optional(),
    maxHoursIn7Days: whole(1, 168).optional(),
    maxSharePercent: numberWithin(0, 100).optional(),
  })
  .meta({
    description: 'Hard rules of the planner.',
    examples: [{ restHours: 11, maxConsecutiveNights: 4 }],
  });

const fairRotation = z
  .strictObject({
    ...rotationKeys,
    strategy: z.literal('fair').meta({ description: 'The planner assigns turns by burden.' }),
    roster,
    seats: whole(1, LIMITS.seatsPerRotation)
      .optional()
      .meta({ description: 'How many are on call at once. Default 1.' }),
    handoffs: list(clockTime, { min: 1, max: LIMITS.handoffsPerDay })
      .optional()
      .meta({
        description: 'Daily times of the handoff, instead of cadence and start.',
        examples: [['07:00', '15:00', '23:00']],
      }),
    cadence: cadence.optional(),
    start: start.optional(),
    constraints: constraints.optional(),
    publishAheadDays: whole(1, LIMITS.planDays).optional(),
    freezeDays: whole(0, LIMITS.planDays).optional(),
  })
  .meta({ description: 'A rotation whose turns the planner assigns.' });

const fixedTurn = z
  .strictObject({ from: dateTime, to: dateTime, person: people })
  .meta({ examples: [{ from: '2026-12-21T09:00', to: '2026-12-28T09:00', person: 'dev' }] });

const fixedRotation = z
  .strictObject({
    ...rotationKeys,
    strategy: z.literal('fixed').meta({ description: 'The turns are listed one by one.' }),
    turns: list(fixedTurn, { max: LIMITS.turnsPerRotation }),
  })
  .meta({ description: 'A fixed list of turns: imports and plans made by hand.' });

export const rotationSchema = z.discriminatedUnion(
  'strategy',
  [inOrderRotation, fairRotation, fixedRotation],
  {
    error: 'one of in_order, fair, fixed',
  },
);

export const overrideSchema = z
  .strictObject({
    id: id.optional().meta({ description: 'Default: made from what the override does and when.' }),
    from: dateTime,
    to: dateTime,
    person: people.optional().meta({
      description: 'Takes the place of "replaces", or of everybody in the role; nobody leaves it vacant.',
    }),
    add: people.optional().meta({ description: 'Is on call as well.' }),
    remove: people.optional().meta({ description: 'Is off call.' }),
    replaces: id.optional().meta({ description: 'Whose place "person" takes, while they are on call.' }),
    role: id.optional().meta({ description: 'The one role it changes. Default: the first.' }),
    reason: text.optional(),
  })
  .meta({
    description: 'A dated change that beats every rotation: exactly one of person, add and remove.',
    examples: [{ from: '2026-12-25T00:00', to: '2026-12-26T00:00', person: 'benji', replaces: 'amara' }],
    oneOf: [{ required: ['person'] }, { required: ['add'] }, { required: ['remove'] }],
    dependentRequired: { replaces: ['person'] },
  });

const PACK_PHRASE = 'warn, error, or a map from rules to warn, error or off';

/** One key a pack: a level for all of its rules, or levels by rule. */
const rulePacks = z
  .strictObject(
    Object.fromEntries(
      RULE_PACKS.map(({ id: pack, title, rules }) => {
        const level = z.enum(['warn', 'error', 'off'], { error: 'warn, error or off' }).optional();
        const byRule = z.strictObject(Object.fromEntries(rules.map((rule) => [rule.id, level])));
        const whole = z.enum(['warn', 'error']);
        return [
          pack,
          z.union([whole, byRule], { error: PACK_PHRASE }).optional().meta({ description: title }),
        ];
      }),
    ),
  )
  .meta({
    description: 'Rules of good practice and of law that check looks at, each as a warning or an error.',
    examples: [{ goodPractice: 'warn', nl: { 'free-blocks': 'error' } }],
  });

export const scheduleSchema = z
  .strictObject({
    id,
    name: text.optional().meta({ description: 'Name shown to people. Default: the id.' }),
    description: text.optional(),
    team: id.optional().meta({ description: 'Id of the team that owns it.' }),
    timeZone: zone,
    roles: list(id, { min: 1, max: LIMITS.rolesPerSchedule })
      .optional()
      .meta({
        description: 'In order of who answers first. Default [primary].',
        examples: [['primary', 'secondary']],
      }),
    coreHours: oneOrMoreWindows.optional().meta({
      description: 'The business hours. Core means these; non-core means all others.',
      examples: [
        { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00', holidays: 'GB-ENG' },
      ],
    }),
    coverage: z
      .union([z.enum(['always', 'core', 'non-core']), windows], { error: COVERAGE_PHRASE })
      .optional()
      .meta({ description: 'The hours that must be staffed, in every role. Default always.' }),
    rulePacks: rulePacks.optional(),
    rotations: list(rotationSchema, { max: LIMITS.rotationsPerSchedule }).optional(),
    overrides: list(overrideSchema, { max: LIMITS.overridesPerSchedule }).optional(),
  })
  .meta({ description: "A team's named on-call arrangement." });

export type RotationModel = z.output<typeof rotationSchema>;
export type OverrideModel = z.output<typeof overrideSchema>;
export type ScheduleModel = z.output<typeof scheduleSchema>;
