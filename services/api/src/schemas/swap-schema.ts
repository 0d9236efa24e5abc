import { SWAP_LIMITS, SWAP_REASON_LIMIT } from '@watchbill/commands';
import { z } from 'zod';
import { component, id, instant, instantInput, line, madeId, pageSchema } from './scalars.ts';

const stretch = component(
  'SwapStretch',
  z.object({
    schedule: z.string(),
    role: z.string(),
    person: z.string().describe('Who stands it and gives it away.'),
    start: instant,
    end: instant,
  }),
);
const stretches = z.array(stretch);

export const SWAP_STATES = ['open', 'accepted', 'applied', 'declined', 'cancelled', 'expired'] as const;

export const swap = component(
  'Swap',
  z.object({
    id: z.string(),
    kind: z.enum(['cover', 'exchange']),
    origin: z.enum(['request', 'take', 'take-back']),
    state: z.enum(SWAP_STATES).describe('`accepted` waits for approval; `open` for somebody.'),
    version: z.int(),
    person: z.string().describe('Whose shifts are given away.'),
    gives: stretches,
    takes: stretches.describe('With `exchange`: what comes back.'),
    to: z.object({ kind: z.enum(['person', 'eligible', 'team']), person: z.string().optional() }),
    asked: z.array(z.string()).describe('Who could take it when it was asked.'),
    reason: z.string().nullable(),
    acceptedBy: z.string().nullable(),
    acceptedAt: instant.nullable(),
    awaiting: z.array(z.string()).describe('Teams whose managers have yet to approve.'),
    offers: z.array(z.object({ person: z.string(), gives: stretches, takes: stretches, at: instant })),
    refusals: z.array(z.object({ person: z.string(), reason: z.string().nullable(), at: instant })),
    overrides: z.array(z.object({ schedule: z.string(), id: z.string() })),
    restOf: z.string().nullable().describe('The swap of which this asks the rest.'),
    startsAt: instant,
    expiresAt: instant.describe('From then on nobody can accept.'),
    createdBy: z.string(),
    createdAt: instant,
    closedBy: z.string().nullable(),
    closedReason: z.string().nullable(),
    closedAt: instant.nullable(),
  }),
);
export const swapPage = pageSchema('SwapPage', swap);
export const swapId = madeId('swp');

const given = z.strictObject({ schedule: id, role: id, start: instantInput, end: instantInput });
const taken = z.strictObject({ ...given.shape, person: id });
const givenList = z.array(given).min(1).max(SWAP_LIMITS.stretches);
const reason = line(1, SWAP_REASON_LIMIT).optional();

export const newSwap = component(
  'NewSwap',
  z
    .strictObject({
      kind: z
        .enum(['cover', 'exchange'])
        .describe('`cover`: somebody else stands; `exchange`: each for the other.'),
      person: id.describe('Whose shifts are given away.'),
      gives: givenList.describe('Whole shifts or parts of them, by the timeline.'),
      takes: z
        .array(taken)
        .max(SWAP_LIMITS.stretches)
        .optional()
        .describe('With `exchange`: what comes back. Left out: those who are asked offer something.'),
      to: z
        .union([
          z.strictObject({ kind: z.literal('person'), person: id }),
          z.strictObject({ kind: z.enum(['eligible', 'team']) }),
        ])
        .describe('One person; everybody of the rosters who is free; everybody of the team who is free.'),
      reason,
    })
    .meta({
      examples: [
        {
          kind: 'cover',
          person: 'amara',
          gives: [
            {
              schedule: 'payments',
              role: 'primary',
              start: '2026-12-04T12:00:00Z',
              end: '2026-12-04T18:00:00Z',
            },
          ],
          to: { kind: 'eligible' },
          reason: 'hospital',
        },
      ],
    }),
);

const person = id.describe('Who answers.');
export const swapAnswer = component('SwapAnswer', z.strictObject({ person }));
export const swapRefusal = component('SwapRefusal', z.strictObject({ person, reason }));
export const swapCounter = component(
  'SwapCounter',
  z.strictObject({
    person,
    gives: givenList.optional().describe('Parts of what was asked; default: all of it.'),
    takes: z
      .array(given)
      .max(SWAP_LIMITS.stretches)
      .optional()
      .describe('With `exchange`: what the person gives back instead.'),
  }),
);
export const offerAnswer = component(
  'SwapOfferAnswer',
  z.strictObject({ person: id.describe('Who offers.') }),
);
export const offerAcceptance = component(
  'SwapOfferAcceptance',
  z.strictObject({
    person: id.describe('Who offers.'),
    rest: z
      .enum(['ask', 'keep'])
      .optional()
      .describe(
        'What nobody has taken: asked of the others, or kept. Default: asked, where many were asked.',
      ),
  }),
);
export const swapNote = component('SwapNote', z.strictObject({ reason }));

export const newTake = component(
  'NewTake',
  z
    .strictObject({
      from: id.describe('Who is on call now.'),
      person: id.describe('Who takes over.'),
      role: id.optional().describe('Default: the first role in which `from` is on call.'),
      until: instantInput.optional().describe('Default: the end of the running shift.'),
    })
    .meta({ examples: [{ from: 'amara', person: 'benji', until: '2026-12-04T18:00:00Z' }] }),
);
export const newTakeBack = component(
  'NewTakeBack',
  z.strictObject({ person: id.describe('Who gets it back.'), role: id.optional() }),
);

export const candidates = component(
  'Candidates',
  z.object({
    shift: z.string(),
    start: instant,
    end: instant,
    candidates: z.array(
      z.object({
        person: z.string(),
        name: z.string(),
        eligible: z.boolean().describe('Whether no hard rule keeps them from it.'),
        reasons: z.array(
          z.object({
            code: z.string().describe('Stable: `available`, `double-booked`, `absent`, `short-rest`, …'),
            weighs: z.enum(['refuses', 'against', 'for']),
            message: z.string(),
          }),
        ),
        load: z.number().describe('Burden-hours above their fair part; below zero: has carried less.'),
        restHoursBefore: z.number().nullable().describe('null: nothing within two weeks.'),
        restHoursAfter: z.number().nullable(),
        inWorkingHours: z.number().describe('The part in their own working hours, 0 to 1.'),
      }),
    ),
  }),
);
