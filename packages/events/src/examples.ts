import type { EventFacts, EventType } from './catalogue.ts';
import { PAGE_EXAMPLES, PAGE_MEANINGS } from './page-events.ts';
import { SWAP_EXAMPLES, SWAP_MEANINGS } from './swap-events.ts';

/** What each type tells, in a sentence for the documentation. */
export const EVENT_MEANINGS: Readonly<Record<EventType, string>> = {
  'schedule.published':
    'A new revision or a new plan of a schedule takes effect; its shifts were planned again from `effectiveAt` on.',
  'schedule.retired': 'A schedule ended: nobody is on call by it any more.',
  'shift.scheduled':
    'A shift was planned that was not there before; `reason` when a swap or a plan gave it to another person.',
  'shift.changed':
    'A planned or running shift has other bounds or another source; `before` is how it was. Person and role stay.',
  'shift.cancelled': 'A planned shift will not take place.',
  'shift.starting_soon': 'A shift begins in `leadMinutes` minutes.',
  'shift.started': 'A person is on call from now on.',
  'shift.ended': 'A person is no longer on call in this shift.',
  'handoff.completed':
    'In a role somebody went off call and somebody else came on at one instant. Nobody hands over to or from an empty role.',
  'coverage.gap_found':
    'There are hours to be covered in which a role has nobody. Told again, with the same `id`, when a change moves its end.',
  'coverage.gap_closed': 'A gap that was found is filled, or is no longer in hours to be covered.',
  'override.created':
    'A dated change was put on a schedule by hand; those of the configuration come with it.',
  'override.cancelled': 'A dated change that was made by hand was taken back.',
  'absence.entered': 'Somebody cannot be on call for a while; the plans they stand in are made again.',
  'absence.cancelled': 'An absence was taken back.',
  ...SWAP_MEANINGS,
  ...PAGE_MEANINGS,
  'delivery.dropped':
    'A delivery was given up that no repetition would cure, because it is too large or a provider does not take it. Those behind it go on.',
  'delivery.endpoint_disabled':
    'A webhook endpoint, a provider or a mirror is no longer called: `gone` (it answered 410), `retries_exhausted`, `refused` (it does not take the key) or `by_request`.',
};

const shift = {
  id: 'shf_01kb9w2x5e7h3k8m1p4r6t9v0w',
  schedule: 'payments',
  role: 'primary',
  person: 'amara',
  personName: 'Amara Okafor',
  rotation: 'weekdays',
  override: null,
  start: '2026-11-30T09:00:00Z',
  end: '2026-12-07T09:00:00Z',
};

const gap = {
  id: 'gap_01kb9w2x5e7h3k8m1p4r6t9v0w',
  schedule: 'payments',
  role: 'secondary',
  start: '2026-12-25T00:00:00Z',
  end: '2026-12-26T00:00:00Z',
};

const override = {
  id: 'ovr_01kb9w2x5e7h3k8m1p4r6t9v0w',
  schedule: 'payments',
  role: 'primary',
  kind: 'replace',
  people: ['benji'],
  replaces: 'amara',
  start: '2026-12-04T12:00:00Z',
  end: '2026-12-04T18:00:00Z',
  reason: 'hospital',
  createdBy: 'amara',
} as const;

const absence = {
  id: 'abs_01kb9w2x5e7h3k8m1p4r6t9v0w',
  person: 'amara',
  start: '2026-12-21T00:00:00Z',
  end: '2027-01-04T00:00:00Z',
  createdBy: 'amara',
};

/** One example of the facts of each type. People and schedules are made up. */
export const EVENT_EXAMPLES: { readonly [T in EventType]: EventFacts<T> } = {
  'schedule.published': {
    schedule: 'payments',
    revision: 4,
    effectiveAt: '2026-11-30T09:00:00Z',
    publishedBy: 'deploy',
    shifts: { scheduled: 26, changed: 2, cancelled: 1 },
  },
  'schedule.retired': { schedule: 'payments', retiredBy: 'deploy' },
  'shift.scheduled': { shift },
  'shift.changed': { shift, before: { ...shift, end: '2026-12-07T17:00:00Z' }, reason: 'configuration' },
  'shift.cancelled': { shift, reason: 'forced' },
  'shift.starting_soon': { shift, leadMinutes: 15 },
  'shift.started': { shift },
  'shift.ended': { shift },
  'handoff.completed': { schedule: 'payments', role: 'primary', outgoing: ['cleo'], incoming: ['amara'] },
  'coverage.gap_found': { gap },
  'coverage.gap_closed': { gap },
  'override.created': { override: { ...override, people: [...override.people] } },
  'override.cancelled': { override: { ...override, people: [...override.people] } },
  'absence.entered': { absence },
  'absence.cancelled': { absence },
  ...SWAP_EXAMPLES,
  ...PAGE_EXAMPLES,
  'delivery.dropped': {
    endpoint: 'prv_01kb9w2x5e7h3k8m1p4r6t9v0w',
    url: 'https://events.pagerduty.com',
    delivery: 'dlv_01kb9w2x5e7h3k8m1p4r6t9v0w',
    event: { id: 'evt_01kb9w2x5e7h3k8m1p4r6t9v0w', type: 'page.triggered' },
    outcome: 'status_4xx',
    statusCode: 400,
    answer: '{"status":"invalid event"}',
  },
  'delivery.endpoint_disabled': {
    endpoint: 'end_01kb9w2x5e7h3k8m1p4r6t9v0w',
    url: 'https://example.com/hooks',
    reason: 'retries_exhausted',
  },
};
