import { type ForwardedPage, within } from './forwarded-page.ts';

/** What the Events API v2 of PagerDuty takes. */
const SUMMARY_LIMIT = 1024;
const SOURCE_LIMIT = 255;
const LINKS_LIMIT = 20;

type Action = 'trigger' | 'acknowledge' | 'resolve';

/**
 * The event of PagerDuty's Events API v2 for an event of a page, without its routing key; null where it has nothing
 * for it. The `dedup_key` makes a repetition harmless: it counts on the incident that is open.
 */
export function pagerdutyEvent(forwarded: ForwardedPage): Readonly<Record<string, unknown>> | null {
  const action = actionOf(forwarded.type);
  if (action === null) return null;
  const head = { event_action: action, dedup_key: forwarded.key };
  return action === 'trigger' ? { ...head, ...triggerOf(forwarded) } : head;
}

function actionOf(type: ForwardedPage['type']): Action | null {
  switch (type) {
    case 'page.triggered':
    case 'page.retriggered':
    case 'page.reassigned':
      return 'trigger';
    case 'page.acknowledged':
    case 'page.snoozed':
      return 'acknowledge';
    case 'page.resolved':
      return 'resolve';
    default:
      return null;
  }
}

function triggerOf({ page, context, address }: ForwardedPage) {
  const links = [
    { href: address, text: `Page #${page.number} in Watchbill` },
    ...(context?.links ?? []).map(({ href, text }) => ({ href, text: text ?? href })),
  ];
  return {
    client: 'Watchbill',
    client_url: address,
    links: links.slice(0, LINKS_LIMIT),
    payload: {
      summary: within(page.summary, SUMMARY_LIMIT),
      source: within(page.source ?? 'watchbill', SOURCE_LIMIT),
      severity: page.severity,
      timestamp: page.createdAt,
      ...(page.schedule !== null && { group: page.schedule }),
      custom_details: {
        page: page.number,
        urgency: page.urgency,
        policy: page.policy,
        schedule: page.schedule,
        assigned_to: page.assignedTo,
        key: page.dedupKey,
        ...(page.folded > 0 && { stands_for: page.folded }),
        ...(context?.details != null && { details: context.details }),
      },
    },
  };
}
