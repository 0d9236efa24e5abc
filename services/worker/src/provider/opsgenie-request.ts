import { type ForwardedPage, within } from './forwarded-page.ts';

/** What the Alert API of Opsgenie takes. */
const LIMITS = {
  message: 130,
  description: 15_000,
  source: 100,
  entity: 512,
  user: 100,
  note: 25_000,
  detail: 1_000,
} as const;

/** Ours by theirs; the same by which its clone reads them the other way round. */
const PRIORITIES = { critical: 'P1', error: 'P2', warning: 'P4', info: 'P5' } as const;

export interface OpsgenieRequest {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * The request of Opsgenie's Alert API for an event of a page; null where it has nothing for it. The alias makes a
 * repetition harmless: it counts on the alert that is open.
 */
export function opsgenieRequest(forwarded: ForwardedPage): OpsgenieRequest | null {
  const { type, text, until } = forwarded;
  switch (type) {
    case 'page.triggered':
    case 'page.reassigned':
      return { path: '/v2/alerts', body: alertOf(forwarded) };
    case 'page.retriggered':
      return act(forwarded, 'unacknowledge', { note: 'It calls again.' });
    case 'page.acknowledged':
      return act(forwarded, 'acknowledge');
    case 'page.snoozed':
      return until === null ? null : act(forwarded, 'snooze', { endTime: until });
    case 'page.noted':
      return text === null ? null : act(forwarded, 'notes', { note: within(text, LIMITS.note) });
    case 'page.unreachable':
      return act(forwarded, 'notes', { note: 'Watchbill can reach nobody for this page.' });
    case 'page.resolved':
      return act(forwarded, 'close');
    default:
      return null;
  }
}

function act({ key, actor }: ForwardedPage, what: string, more: Readonly<Record<string, string>> = {}) {
  return {
    path: `/v2/alerts/${encodeURIComponent(key)}/${what}?identifierType=alias`,
    body: { source: 'Watchbill', ...(actor !== null && { user: within(actor, LIMITS.user) }), ...more },
  };
}

function alertOf({ page, key, context, address, actor }: ForwardedPage) {
  const details: Readonly<Record<string, string | null>> = {
    page: String(page.number),
    address,
    severity: page.severity,
    urgency: page.urgency,
    policy: page.policy,
    schedule: page.schedule,
    assignedTo: page.assignedTo,
    key: page.dedupKey,
  };
  const known = Object.entries(details).filter(([, value]) => value !== null);
  return {
    message: within(page.summary, LIMITS.message),
    alias: key,
    description: within(descriptionOf(page.summary, context, address), LIMITS.description),
    priority: PRIORITIES[page.severity],
    source: 'Watchbill',
    ...(page.source !== null && { entity: within(page.source, LIMITS.entity) }),
    ...(actor !== null && { user: within(actor, LIMITS.user) }),
    tags: ['watchbill'],
    details: Object.fromEntries(known.map(([name, value]) => [name, within(value ?? '', LIMITS.detail)])),
  };
}

function descriptionOf(summary: string, context: ForwardedPage['context'], address: string): string {
  const links = (context?.links ?? []).map(({ href, text }) =>
    text === undefined ? href : `${text}: ${href}`,
  );
  const details = context?.details == null ? [] : [JSON.stringify(context.details, null, 2)];
  return [summary, address, ...links, ...details].join('\n');
}
