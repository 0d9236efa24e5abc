import { boundedDetails } from './bounded-details.ts';
import { fieldOf, isObject, type JsonObject, listAt, stated } from './json-fields.ts';
import { eventKeyOf } from './pagerduty.ts';
import { linksOf, oneLine, SUMMARY_LIMIT, textOf } from './plain-text.ts';
import { asks, type Reading, type SignalLink, unreadable } from './signal.ts';

const ACTIONS = ['trigger', 'acknowledge', 'resolve'] as const;

/** The service key of an event. */
export function serviceKeyOf(body: unknown): string {
  return textOf(fieldOf(body, 'service_key')).trim();
}

/**
 * Reads an event of the PagerDuty Events API v1, which older programs still speak. It knows no severity: whatever is
 * triggered is critical, as it is there.
 */
export function readPagerdutyFirst(body: unknown): Reading {
  if (!isObject(body)) return unreadable('Event object is not a JSON object');
  const errors: string[] = [];
  const action = ACTIONS.find((name) => name === body.event_type);
  if (textOf(body.event_type).trim() === '') errors.push('Event type is required');
  else if (action === undefined) errors.push('Event type is invalid');
  const dedupKey = eventKeyOf(body, 'incident_key', errors);
  if (action !== undefined && action !== 'trigger') {
    if (dedupKey === null && errors.length === 0) errors.push('Incident key is required');
    return errors.length > 0 || dedupKey === null ? unreadable(...errors) : asks({ action, dedupKey });
  }
  const summary = oneLine(body.description, SUMMARY_LIMIT);
  if (summary === '') errors.push('Description is required');
  if (errors.length > 0) return unreadable(...errors);
  const { details, client } = body;
  return asks({
    action: 'trigger',
    ...{ dedupKey, summary, severity: 'critical', source: null },
    details: boundedDetails({
      ...stated({ client }),
      ...(details !== undefined && details !== null && { custom_details: details }),
    }),
    links: contextLinks(body),
  });
}

/** Links, and the pages behind pictures. */
function contextLinks(body: JsonObject): SignalLink[] {
  const contexts = listAt(body, 'contexts').map((context) => ({
    href: fieldOf(context, 'href') ?? fieldOf(context, 'src'),
    text: fieldOf(context, 'text') ?? fieldOf(context, 'alt'),
  }));
  return linksOf([...contexts, { href: body.client_url, text: body.client }]);
}
