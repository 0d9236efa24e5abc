import { type GroupOptions, hasAlerts, readAlertGroup } from './alertmanager.ts';
import { boundedDetails } from './bounded-details.ts';
import { isObject, type JsonObject, listAt, objectAt } from './json-fields.ts';
import { boundedKey, linksOf, oneLine, SUMMARY_LIMIT, textOf } from './plain-text.ts';
import { DEFAULT_SEVERITY, severityOf } from './severity-words.ts';
import { asks, asksNothing, type Reading, unreadable } from './signal.ts';

/** Reads a webhook of Grafana: of unified alerting, or of the dashboards' own alerts before it. */
export function readGrafana(body: unknown, options: GroupOptions): Reading {
  if (!isObject(body)) return unreadable('The body is not a JSON object.');
  if (hasAlerts(body)) return readAlertGroup(body, options);
  return readLegacyRule(body, options);
}

function readLegacyRule(body: JsonObject, options: GroupOptions): Reading {
  const key = boundedKey(body.ruleId) ?? boundedKey(body.ruleName);
  if (key === null) return unreadable('Neither "alerts" nor "ruleId" is there: this is no alert of Grafana.');
  const dedupKey = boundedKey(`rule ${key}`) ?? key;
  const state = textOf(body.state);
  switch (state) {
    case 'ok':
      return asks({ action: 'resolve', dedupKey });
    case 'alerting':
    case 'no_data':
      break;
    case 'pending':
    case 'paused':
      return asksNothing(`The state "${state}" needs nobody.`);
    default:
      return unreadable('"state" must be alerting, no_data, ok, pending or paused.');
  }
  const tags = objectAt(body, 'tags');
  const title = oneLine(body.title, SUMMARY_LIMIT) || oneLine(body.ruleName, SUMMARY_LIMIT);
  return asks({
    action: 'trigger',
    dedupKey,
    summary: title || 'A rule of Grafana fires',
    severity: severityOf(tags[options.severityLabel]) ?? options.severity ?? DEFAULT_SEVERITY,
    source: null,
    details: boundedDetails({
      message: textOf(body.message),
      state,
      tags,
      evalMatches: listAt(body, 'evalMatches'),
    }),
    links: linksOf([
      { href: body.ruleUrl, text: 'Rule' },
      { href: body.imageUrl, text: 'Image' },
    ]),
  });
}
