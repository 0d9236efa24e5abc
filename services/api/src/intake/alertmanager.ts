import { SEVERITIES, type Severity } from '@watchbill/core';
import { boundedDetails } from './bounded-details.ts';
import { fieldOf, isObject, type JsonObject, objectAt, stated } from './json-fields.ts';
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
import { asks, type Reading, type Signal, type TriggerSignal, unreadable } from './signal.ts';

export interface GroupOptions {
  /** One page for each group of alerts, or one for each alert. */
  readonly by: 'group' | 'alert';
  readonly severityLabel: string;
  /** For alerts whose labels do not say it. */
  readonly severity: Severity | null;
}

/** So many alerts of one request get pages of their own; the rest of them shares one, so that none is lost. */
export const MAX_ALERTS_ALONE = 100;
const MAX_ALERTS_IN_DETAILS = 10;
const SOURCE_LABELS = ['instance', 'host', 'hostname', 'pod', 'node', 'service', 'job'];
const LINK_FIELDS = [
  { field: 'panelURL', text: 'Panel' },
  { field: 'dashboardURL', text: 'Dashboard' },
  { field: 'silenceURL', text: 'Silence' },
  { field: 'imageURL', text: 'Image' },
  { field: 'generatorURL', text: 'Source' },
];
const LINK_ANNOTATIONS = ['runbook_url', 'runbook', 'dashboard_url', 'dashboard'];

/** Reads a webhook of Prometheus Alertmanager, version 4; Grafana's contact points send the same with more. */
export function readAlertGroup(body: unknown, options: GroupOptions): Reading {
  if (!isObject(body)) return unreadable('The body is not a JSON object.');
  const { alerts, status } = body;
  if (!Array.isArray(alerts) || !alerts.every(isObject)) {
    return unreadable('"alerts" must be a list of objects.');
  }
  if (status !== 'firing' && status !== 'resolved') {
    return unreadable('"status" must be "firing" or "resolved".');
  }
  const groupKey = boundedKey(body.groupKey) ?? groupKeyOf(body);
  if (groupKey === null) return unreadable('"groupKey" is missing.');
  if (options.by === 'group') {
    return asks(groupSignal(body, { alerts, key: groupKey, options }));
  }
  if (alerts.length === 0) return unreadable('"alerts" is empty.');
  return asks(...alertSignals(body, { alerts, key: groupKey, options }));
}

interface Group {
  readonly alerts: readonly JsonObject[];
  readonly key: string;
  readonly options: GroupOptions;
}

function groupSignal(body: JsonObject, group: Group): Signal {
  const { alerts, key } = group;
  if (body.status === 'resolved') return { action: 'resolve', dedupKey: key };
  const firing = alerts.filter((alert) => alert.status !== 'resolved');
  const told = firing.length > 0 ? firing : alerts;
  const severities = told.map((alert) => alertSeverity(alert, group.options));
  return {
    action: 'trigger',
    dedupKey: key,
    summary: groupSummary(body, told),
    severity: worst(severities) ?? alertSeverity({ labels: body.commonLabels }, group.options),
    source: lineOrNull(sourceOf(objectAt(body, 'commonLabels')), SOURCE_LIMIT),
    details: groupDetails(body, told),
    links: linksOf([...groupLinks(body), ...told.slice(0, MAX_ALERTS_IN_DETAILS).flatMap(alertLinks)]),
  };
}

function alertSignals(body: JsonObject, group: Group): Signal[] {
  const alone = group.alerts.slice(0, MAX_ALERTS_ALONE);
  const rest = group.alerts.slice(MAX_ALERTS_ALONE);
  const signals = alone.map((alert) => alertSignal(body, alert, group));
  if (body.status === 'resolved') {
    // The page of those without one of their own, should there be one.
    return [...signals, { action: 'resolve', dedupKey: restKey(group.key) }];
  }
  if (!rest.some((alert) => alert.status !== 'resolved')) return signals;
  const shared = groupSignal(body, { ...group, alerts: rest, key: restKey(group.key) });
  return [...signals, shared];
}

function restKey(groupKey: string): string {
  return boundedKey(`rest of ${groupKey}`) ?? groupKey;
}

function alertSignal(body: JsonObject, alert: JsonObject, { key, options }: Group): Signal {
  const dedupKey = fingerprintOf(alert, key);
  if (alert.status === 'resolved') return { action: 'resolve', dedupKey };
  const labels = objectAt(alert, 'labels');
  const signal: TriggerSignal = {
    action: 'trigger',
    dedupKey,
    summary: alertSummary(alert),
    severity: alertSeverity(alert, options),
    source: lineOrNull(sourceOf(labels), SOURCE_LIMIT),
    details: boundedDetails(alertDetails(alert)),
    links: linksOf([...alertLinks(alert), ...groupLinks(body)]),
  };
  return signal;
}

/** An alert without a fingerprint is known by its labels. */
function fingerprintOf(alert: JsonObject, groupKey: string): string {
  const own = boundedKey(alert.fingerprint);
  if (own !== null) return own;
  const labels = Object.entries(objectAt(alert, 'labels'))
    .map(([name, value]) => `${name}=${textOf(value)}`)
    .sort();
  return boundedKey(labels.join(',')) ?? groupKey;
}

function groupKeyOf(body: JsonObject): string | null {
  const labels = Object.entries(objectAt(body, 'groupLabels'))
    .map(([name, value]) => `${name}=${textOf(value)}`)
    .sort();
  return labels.length === 0 ? null : boundedKey(`{${labels.join(',')}}`);
}

function alertSeverity(alert: JsonObject, options: GroupOptions): Severity {
  const label = fieldOf(objectAt(alert, 'labels'), options.severityLabel);
  return severityOf(label) ?? options.severity ?? DEFAULT_SEVERITY;
}

function worst(severities: readonly Severity[]): Severity | null {
  return SEVERITIES.find((severity) => severities.includes(severity)) ?? null;
}

function groupSummary(body: JsonObject, alerts: readonly JsonObject[]): string {
  const [first] = alerts;
  const common = objectAt(body, 'commonAnnotations');
  const name =
    oneLine(common.summary, SUMMARY_LIMIT) ||
    (alerts.length === 1 && first !== undefined ? alertSummary(first) : '') ||
    nameOf(objectAt(body, 'commonLabels')) ||
    nameOf(objectAt(body, 'groupLabels')) ||
    oneLine(body.title, SUMMARY_LIMIT) ||
    (first === undefined ? 'Alerts fire' : alertSummary(first));
  return alerts.length > 1 ? oneLine(`${name} (${alerts.length} alerts)`, SUMMARY_LIMIT) : name;
}

function alertSummary(alert: JsonObject): string {
  const annotations = objectAt(alert, 'annotations');
  for (const text of [annotations.summary, annotations.title, annotations.message, annotations.description]) {
    const line = oneLine(text, SUMMARY_LIMIT);
    if (line !== '') return line;
  }
  return nameOf(objectAt(alert, 'labels')) || 'An alert without a name fires';
}

function nameOf(labels: JsonObject): string {
  const name = oneLine(labels.alertname, SUMMARY_LIMIT);
  const source = oneLine(sourceOf(labels), SOURCE_LIMIT);
  return name !== '' && source !== '' ? oneLine(`${name} (${source})`, SUMMARY_LIMIT) : name;
}

function sourceOf(labels: JsonObject): string {
  return textOf(SOURCE_LABELS.map((label) => fieldOf(labels, label)).find((value) => textOf(value) !== ''));
}

function groupDetails(body: JsonObject, alerts: readonly JsonObject[]) {
  const { receiver, message, orgId } = body;
  return boundedDetails({
    ...stated({ receiver, message, orgId }),
    groupLabels: objectAt(body, 'groupLabels'),
    commonLabels: objectAt(body, 'commonLabels'),
    commonAnnotations: objectAt(body, 'commonAnnotations'),
    firing: alerts.length,
    alerts: alerts.slice(0, MAX_ALERTS_IN_DETAILS).map(alertDetails),
  });
}

function alertDetails(alert: JsonObject): JsonObject {
  const { startsAt, fingerprint, valueString, values } = alert;
  return {
    labels: objectAt(alert, 'labels'),
    annotations: objectAt(alert, 'annotations'),
    ...stated({ startsAt, fingerprint, valueString }),
    ...(isObject(values) && { values }),
  };
}

function alertLinks(alert: JsonObject) {
  const annotations = objectAt(alert, 'annotations');
  return [
    ...LINK_ANNOTATIONS.map((name) => ({ href: fieldOf(annotations, name), text: name.replace('_url', '') })),
    ...LINK_FIELDS.map(({ field, text }) => ({ href: fieldOf(alert, field), text })),
  ];
}

function groupLinks(body: JsonObject) {
  const annotations = objectAt(body, 'commonAnnotations');
  return [
    ...LINK_ANNOTATIONS.map((name) => ({ href: fieldOf(annotations, name), text: name.replace('_url', '') })),
    { href: body.externalURL, text: 'Alertmanager' },
  ];
}

/** Whether a body has a list of alerts at all. */
export function hasAlerts(body: unknown): boolean {
  return Array.isArray(fieldOf(body, 'alerts'));
}
