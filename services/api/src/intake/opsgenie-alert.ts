import { type IntakeRequestRow, isoInstant, type OpenIntake, type PageRow } from '@watchbill/database';
import { isObject } from './json-fields.ts';
import { priorityOf } from './opsgenie.ts';
import { textOf } from './plain-text.ts';

/** A page as the Opsgenie API shows an alert. */
export function alertJson(page: PageRow, intake: OpenIntake): object {
  const given = isObject(page.details) ? page.details : {};
  return {
    ...alertInList(page, intake),
    actions: Array.isArray(given.actions) ? given.actions : [],
    entity: textOf(given.entity),
    description: textOf(given.description),
    details: textsOf(given.details),
  };
}

/** The same in a list, which leaves the longest parts out. */
export function alertInList(page: PageRow, intake: OpenIntake): object {
  const { place, acknowledged, resolved, details } = page;
  const given = isObject(details) ? details : {};
  const tags = Array.isArray(given.tags) ? given.tags.map(textOf) : [];
  return {
    id: page.id,
    tinyId: String(page.number),
    alias: page.dedupKey,
    message: page.summary,
    status: place.state === 'resolved' ? 'closed' : 'open',
    acknowledged: place.state === 'acknowledged',
    isSeen: acknowledged !== null,
    tags,
    snoozed: place.snoozedUntil !== null,
    ...(place.snoozedUntil !== null && { snoozedUntil: isoInstant(place.snoozedUntil) }),
    count: 1 + page.repeats + page.folded,
    lastOccurredAt: isoInstant(page.lastTriggeredAt),
    createdAt: isoInstant(page.createdAt),
    updatedAt: isoInstant(latestOf(page)),
    source: page.source ?? '',
    owner: acknowledged?.person ?? '',
    priority: priorityOf(page.severity, details),
    responders: Array.isArray(given.responders) ? given.responders : [],
    integration: { id: intake.id, name: intake.name, type: 'API' },
    report: {
      ...(acknowledged !== null && {
        ackTime: acknowledged.at - page.createdAt,
        acknowledgedBy: acknowledged.person ?? acknowledged.actor,
      }),
      ...(resolved !== null && {
        closeTime: resolved.at - page.createdAt,
        closedBy: resolved.person ?? resolved.actor,
      }),
    },
  };
}

/** What became of a request, as the Opsgenie API tells it. */
export function requestJson(row: IntakeRequestRow): object {
  return {
    success: row.done,
    action: row.action,
    processedAt: new Date(row.createdAt).toISOString(),
    integrationId: row.intake,
    isSuccess: row.done,
    status: row.status,
    alertId: row.page ?? '',
    alias: row.alias ?? '',
  };
}

function latestOf({ lastTriggeredAt, acknowledged, resolved }: PageRow): number {
  return Math.max(lastTriggeredAt, acknowledged?.at ?? 0, resolved?.at ?? 0);
}

/** Details are texts there. */
function textsOf(details: unknown): Record<string, string> {
  if (!isObject(details)) return {};
  return Object.fromEntries(
    Object.entries(details).map(([key, value]) => [key, textOf(value) || JSON.stringify(value)]),
  );
}
