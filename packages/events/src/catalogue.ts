import { z } from 'zod';
import { PAGE_EVENTS } from './page-events.ts';
import { SWAP_EVENTS } from './swap-events.ts';

const instant = z.string().describe('ISO-8601 UTC instant with Z');
const person = z.string().describe('id of a person');

export const shiftFacts = z.object({
  id: z.string(),
  schedule: z.string(),
  role: z.string(),
  person,
  personName: z.string(),
  rotation: z.string().nullable(),
  override: z.string().nullable(),
  start: instant,
  end: instant,
});

const gapFacts = z.object({
  id: z.string(),
  schedule: z.string(),
  role: z.string(),
  start: instant,
  end: instant,
});

const overrideFacts = z.object({
  id: z.string(),
  schedule: z.string(),
  role: z.string(),
  kind: z.enum(['replace', 'add', 'remove']),
  people: z.array(person),
  replaces: person.nullable(),
  start: instant,
  end: instant,
  reason: z.string().nullable(),
  createdBy: z.string(),
});

const absenceFacts = z.object({
  id: z.string(),
  person,
  start: instant,
  end: instant,
  createdBy: z.string(),
});

/** Why a plan gave a turn to another person. */
const planReason = z
  .enum(['forced', 'consequential', 'chosen'])
  .describe(
    '`forced`: the holder cannot keep it; `consequential`: to make room for a forced change; `chosen`: it is fairer.',
  );

/** Why a planned shift is not what it was. */
const reason = z.enum(['configuration', 'override', 'swap', 'retired', 'plan', ...planReason.options]);

/** Why it was forced. */
const rule = z
  .string()
  .optional()
  .describe('For `forced`: what keeps the one who had the turn from it, such as `absent`.');

/** What each type of event says. The keys are the types; every `data` also carries `dueAt`, `publishedAt`, `late`. */
export const CATALOGUE = {
  'schedule.published': z.object({
    schedule: z.string(),
    revision: z.int(),
    effectiveAt: instant,
    publishedBy: z.string(),
    shifts: z.object({ scheduled: z.int(), changed: z.int(), cancelled: z.int() }),
    plan: z
      .object({
        id: z.string(),
        version: z.int(),
        reason: z
          .string()
          .describe(
            'Why it was made: `absence`, `people`, `configuration`, `override`, `horizon` or `request`.',
          ),
      })
      .optional()
      .describe('The plan that was published; absent when a configuration was applied.'),
  }),
  'schedule.retired': z.object({ schedule: z.string(), retiredBy: z.string() }),
  'shift.scheduled': z.object({
    shift: shiftFacts,
    reason: z.enum(['swap', ...planReason.options]).optional(),
    rule,
  }),
  'shift.changed': z.object({ shift: shiftFacts, before: shiftFacts, reason, rule }),
  'shift.cancelled': z.object({ shift: shiftFacts, reason, rule }),
  'shift.starting_soon': z.object({ shift: shiftFacts, leadMinutes: z.int() }),
  'shift.started': z.object({ shift: shiftFacts }),
  'shift.ended': z.object({ shift: shiftFacts }),
  'handoff.completed': z.object({
    schedule: z.string(),
    role: z.string(),
    outgoing: z.array(person),
    incoming: z.array(person),
  }),
  'coverage.gap_found': z.object({ gap: gapFacts }),
  'coverage.gap_closed': z.object({ gap: gapFacts }),
  'override.created': z.object({ override: overrideFacts }),
  'override.cancelled': z.object({ override: overrideFacts }),
  'absence.entered': z.object({ absence: absenceFacts }),
  'absence.cancelled': z.object({ absence: absenceFacts }),
  ...SWAP_EVENTS,
  ...PAGE_EVENTS,
  'delivery.dropped': z.object({
    endpoint: z.string(),
    url: z.string(),
    delivery: z.string(),
    event: z.object({ id: z.string(), type: z.string() }),
    outcome: z.string(),
    statusCode: z.int().nullable(),
    answer: z.string().nullable().describe('The first 300 characters of the answer, or what went wrong.'),
  }),
  'delivery.endpoint_disabled': z.object({ endpoint: z.string(), url: z.string(), reason: z.string() }),
} as const;

export type EventType = keyof typeof CATALOGUE;
export const EVENT_TYPES = Object.keys(CATALOGUE) as EventType[];
export type EventFacts<T extends EventType> = z.infer<(typeof CATALOGUE)[T]>;

/**
 * One event as stored. `occurredAt`: when it was due; `publishedAt`: when it was written; later than due after
 * downtime. `data` is what consumers get, byte for byte the same at every delivery.
 */
export interface EventEnvelope {
  readonly id: string;
  readonly type: EventType;
  readonly schedule: string | null;
  readonly occurredAt: string;
  readonly publishedAt: string;
  readonly data: Readonly<Record<string, unknown>>;
}
