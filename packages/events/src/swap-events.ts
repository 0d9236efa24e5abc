import { z } from 'zod';

const instant = z.string().describe('ISO-8601 UTC instant with Z');
const person = z.string().describe('id of a person');

const stretches = z
  .array(z.object({ schedule: z.string(), role: z.string(), person, start: instant, end: instant }))
  .describe('list of `schedule`, `role`, `person`, `start`, `end`: what the person stands and gives away');

/** A swap as events tell it: its stretches are what `person` of each stands now and gives away. */
export const swapFacts = z.object({
  id: z.string(),
  kind: z.enum(['cover', 'exchange']),
  origin: z
    .enum(['request', 'take', 'take-back'])
    .describe('`take`, `take-back`: a running shift changed hands at once, nobody was asked.'),
  state: z.enum(['open', 'accepted', 'applied', 'declined', 'cancelled', 'expired']),
  person: person.describe('id of the person who asks'),
  gives: stretches,
  takes: stretches.describe(
    'the same for what comes back with `exchange`; empty: those who are asked offer something',
  ),
  audience: z.object({
    kind: z.enum(['person', 'eligible', 'team']),
    person: person.nullable().describe('id of the person asked; null when it is many'),
  }),
  reason: z.string().nullable(),
  acceptedBy: person.nullable(),
  awaiting: z.array(z.string()).describe('ids of teams whose managers have yet to approve'),
  restOf: z.string().nullable().describe('id of the swap of which this asks the rest'),
  startsAt: instant,
  expiresAt: instant,
  createdBy: z.string(),
  createdAt: instant,
});

const by = z.string().describe('who did it: a person, or the name of a token');
const offer = z.object({ person, gives: stretches, takes: stretches });

/** What the events of swaps say. */
export const SWAP_EVENTS = {
  'swap.requested': z.object({ swap: swapFacts }),
  'swap.accepted': z.object({ swap: swapFacts, by }),
  'swap.approved': z.object({ swap: swapFacts, by }),
  'swap.declined': z.object({
    swap: swapFacts,
    person: person.nullable().describe('id of the person who will not; null when a manager refused'),
    by,
    reason: z.string().nullable(),
  }),
  'swap.countered': z.object({ swap: swapFacts, offer, by }),
  'swap.offer_declined': z.object({ swap: swapFacts, person, by }),
  'swap.applied': z.object({
    swap: swapFacts,
    by,
    overrides: z.array(z.object({ schedule: z.string(), id: z.string() })),
  }),
  'swap.cancelled': z.object({ swap: swapFacts, by, reason: z.string().nullable() }),
  'swap.expired': z.object({ swap: swapFacts }),
} as const;

type SwapEventType = keyof typeof SWAP_EVENTS;

/** What each of them tells, in a sentence for the documentation. */
export const SWAP_MEANINGS: Readonly<Record<SwapEventType, string>> = {
  'swap.requested': 'Somebody asks that shifts of theirs change hands.',
  'swap.accepted':
    'Somebody takes the shifts. `swap.applied` follows at once, or after the approval of the teams in `awaiting`.',
  'swap.approved':
    'A manager approved for their team. `swap.applied` follows unless other teams are still in `awaiting`.',
  'swap.declined':
    'Somebody who was asked will not, or a manager refused. The swap is over when its `state` is `declined`; while it is `open`, the others can still accept.',
  'swap.countered': 'Somebody who was asked offers a part of it, or other shifts back.',
  'swap.offer_declined': 'The one who asks declined the offer of `person`; the swap stays open.',
  'swap.applied': 'The shifts changed hands; the events of the overrides and shifts follow.',
  'swap.cancelled': 'A request was taken back before it was applied.',
  'swap.expired': 'Nobody took the shifts, or nobody approved, before they began. They stay where they were.',
};

const given = {
  schedule: 'payments',
  role: 'primary',
  person: 'amara',
  start: '2026-12-04T12:00:00Z',
  end: '2026-12-04T18:00:00Z',
};

const swap: z.infer<typeof swapFacts> = {
  id: 'swp_01kb9w2x5e7h3k8m1p4r6t9v0w',
  kind: 'cover',
  origin: 'request',
  state: 'open',
  person: 'amara',
  gives: [given],
  takes: [],
  audience: { kind: 'eligible', person: null },
  reason: 'hospital',
  acceptedBy: null,
  awaiting: [],
  restOf: null,
  startsAt: '2026-12-04T12:00:00Z',
  expiresAt: '2026-12-04T12:00:00Z',
  createdBy: 'amara',
  createdAt: '2026-11-30T09:00:00Z',
};

const taken = { ...swap, state: 'applied', acceptedBy: 'benji' } as const;

/** One example of the facts of each. */
export const SWAP_EXAMPLES: { readonly [T in SwapEventType]: z.infer<(typeof SWAP_EVENTS)[T]> } = {
  'swap.requested': { swap },
  'swap.accepted': { swap: taken, by: 'benji' },
  'swap.approved': { swap: taken, by: 'eyal' },
  'swap.declined': { swap, person: 'cleo', by: 'cleo', reason: 'away that day' },
  'swap.countered': {
    swap,
    offer: { person: 'dev', gives: [{ ...given, end: '2026-12-04T15:00:00Z' }], takes: [] },
    by: 'dev',
  },
  'swap.offer_declined': { swap, person: 'dev', by: 'amara' },
  'swap.applied': {
    swap: taken,
    by: 'benji',
    overrides: [{ schedule: 'payments', id: 'ovr_01kb9w2x5e7h3k8m1p4r6t9v0w' }],
  },
  'swap.cancelled': { swap: { ...swap, state: 'cancelled' }, by: 'amara', reason: 'feeling better' },
  'swap.expired': { swap: { ...swap, state: 'expired' } },
};
