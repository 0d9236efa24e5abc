import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Severity } from '@watchbill/core';
import { boundedDetails } from './bounded-details.ts';
import { isObject, type JsonObject, objectAt, stated } from './json-fields.ts';
import {
  boundedKey,
  lineOrNull,
  linksOf,
  oneLine,
  SOURCE_LIMIT,
  SUMMARY_LIMIT,
  textOf,
} from './plain-text.ts';
import { DEFAULT_SEVERITY, severityOf } from './severity-words.ts';
import { asks, asksNothing, type Reading, unreadable } from './signal.ts';

interface SentryOptions {
  readonly severity: Severity | null;
}

/** Whether a signature (hex) is the HMAC-SHA256 of the body under the secret; compared in constant time. */
export function isSignedBySentry(body: Uint8Array, signature: string | undefined, secret: string): boolean {
  const expected = createHmac('sha256', secret).update(body).digest();
  const given = /^[0-9a-f]{64}$/i.test(signature ?? '')
    ? Buffer.from(signature ?? '', 'hex')
    : Buffer.alloc(32);
  return timingSafeEqual(expected, given);
}

/** Reads a webhook of a Sentry integration. `resource` is the header `Sentry-Hook-Resource`. */
export function readSentry(body: unknown, resource: string, options: SentryOptions): Reading {
  if (!isObject(body)) return unreadable('The body is not a JSON object.');
  const data = objectAt(body, 'data');
  const action = textOf(body.action);
  switch (resource) {
    case 'issue':
      return readIssue(action, objectAt(data, 'issue'), options);
    case 'event_alert':
      return readEventAlert(action, data, options);
    case 'metric_alert':
      return readMetricAlert(action, data, options);
    case '':
      return unreadable('The header Sentry-Hook-Resource is missing.');
    default:
      return asksNothing(`The resource "${oneLine(resource, 60)}" needs nobody.`);
  }
}

function readIssue(action: string, issue: JsonObject, options: SentryOptions): Reading {
  const dedupKey = issueKey(issue.id);
  if (dedupKey === null) return unreadable('"data.issue.id" is missing.');
  switch (action) {
    case 'resolved':
    case 'archived':
    case 'ignored':
      return asks({ action: 'resolve', dedupKey });
    case 'created':
    case 'unresolved':
      break;
    default:
      return asksNothing(`The action "${oneLine(action, 60)}" of an issue needs nobody.`);
  }
  const { title, culprit, level, shortId, platform } = issue;
  return asks({
    action: 'trigger',
    dedupKey,
    summary: oneLine(title, SUMMARY_LIMIT) || 'An issue of Sentry',
    severity: severityOf(level) ?? options.severity ?? DEFAULT_SEVERITY,
    source: lineOrNull(projectName(issue.project), SOURCE_LIMIT),
    details: boundedDetails(stated({ action, shortId, culprit, level, platform })),
    links: linksOf([
      { href: issue.web_url, text: 'Issue' },
      { href: issue.permalink, text: 'Issue' },
    ]),
  });
}

function readEventAlert(action: string, data: JsonObject, options: SentryOptions): Reading {
  if (action !== 'triggered') return asksNothing(`The action "${oneLine(action, 60)}" needs nobody.`);
  const event = objectAt(data, 'event');
  const fromUrl = /\/issues\/(\d{1,20})\/?/.exec(textOf(event.issue_url))?.[1];
  const dedupKey = issueKey(event.issue_id) ?? issueKey(fromUrl) ?? issueKey(event.event_id);
  if (dedupKey === null) return unreadable('"data.event.issue_id" is missing.');
  const { title, message, culprit, level, platform, datetime, tags } = event;
  return asks({
    action: 'trigger',
    dedupKey,
    summary: oneLine(title, SUMMARY_LIMIT) || oneLine(message, SUMMARY_LIMIT) || 'An event of Sentry',
    severity: severityOf(level) ?? options.severity ?? DEFAULT_SEVERITY,
    source: lineOrNull(textOf(culprit), SOURCE_LIMIT),
    details: boundedDetails({
      ...stated({ rule: data.triggered_rule, message, culprit, level, platform, datetime }),
      ...(Array.isArray(tags) && { tags }),
    }),
    links: linksOf([{ href: event.web_url, text: 'Event' }]),
  });
}

function readMetricAlert(action: string, data: JsonObject, options: SentryOptions): Reading {
  const alert = objectAt(data, 'metric_alert');
  const id = boundedKey(alert.id);
  if (id === null) return unreadable('"data.metric_alert.id" is missing.');
  const dedupKey = boundedKey(`metric ${id}`) ?? id;
  if (action === 'resolved') return asks({ action: 'resolve', dedupKey });
  if (action !== 'critical' && action !== 'warning') {
    return asksNothing(`The action "${oneLine(action, 60)}" of a metric needs nobody.`);
  }
  const title = oneLine(data.description_title, SUMMARY_LIMIT) || oneLine(alert.title, SUMMARY_LIMIT);
  return asks({
    action: 'trigger',
    dedupKey,
    summary: title || 'A metric of Sentry',
    severity: severityOf(action) ?? options.severity ?? DEFAULT_SEVERITY,
    source: null,
    details: boundedDetails(
      stated({ description: data.description_text, action, identifier: alert.identifier }),
    ),
    links: linksOf([{ href: data.web_url, text: 'Metric' }]),
  });
}

/** The same for an issue and for its events, so that both are one page. */
function issueKey(id: unknown): string | null {
  const key = boundedKey(id);
  return key === null ? null : boundedKey(`issue ${key}`);
}

function projectName(project: unknown): string {
  return isObject(project) ? textOf(project.slug) || textOf(project.name) : '';
}
