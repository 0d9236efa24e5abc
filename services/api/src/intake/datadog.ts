import type { Severity } from '@watchbill/core';
import { boundedDetails } from './bounded-details.ts';
import { isObject, type JsonObject } from './json-fields.ts';
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

const TRIGGERS = new Set([
  'triggered',
  're-triggered',
  'warn',
  're-warn',
  'no data',
  're-no data',
  'renotify',
]);
/** Titles begin with what happened, in brackets: [P1] [Triggered on {host:web-1}] CPU is high */
const TITLE_TAG = /^\s*\[([^\]]{1,200})\]\s*/;
const MAX_TITLE_TAGS = 4;

/**
 * Reads what a Datadog webhook sends: with the payload that the documentation gives, or with Datadog's own one, whose
 * title is then all that tells a trigger from a recovery.
 */
export function readDatadog(body: unknown, options: { readonly severity: Severity | null }): Reading {
  if (!isObject(body)) return unreadable('The body is not a JSON object.');
  const { name, tags } = splitTitle(fieldText(body, ['title', 'event_title', 'alert_title']));
  const transition = transitionOf(body, tags);
  const dedupKey = keyOf(body, name);
  if (dedupKey === null) {
    return unreadable('There is no title and no key: use the payload of the documentation.');
  }
  if (transition === 'recovered') return asks({ action: 'resolve', dedupKey });
  if (!TRIGGERS.has(transition)) {
    return asksNothing(`The transition "${oneLine(transition, 60)}" needs nobody.`);
  }
  const message = fieldText(body, ['message', 'body', 'text', 'event_msg']);
  return asks({
    action: 'trigger',
    dedupKey,
    summary: name || oneLine(message, SUMMARY_LIMIT) || 'A monitor of Datadog fires',
    severity: severityFrom(body, transition) ?? options.severity ?? DEFAULT_SEVERITY,
    source: lineOrNull(fieldText(body, ['hostname', 'host', 'scope']), SOURCE_LIMIT),
    details: boundedDetails({ transition, ...plainFields(body) }),
    links: linksOf([
      { href: body.link, text: 'Monitor' },
      { href: body.url, text: 'Monitor' },
      { href: body.snapshot, text: 'Graph' },
    ]),
  });
}

/** The first of these fields that says something. A variable that Datadog did not know stays as it was written. */
function fieldText(body: JsonObject, names: readonly string[]): string {
  for (const name of names) {
    const text = textOf(body[name]).trim();
    if (text !== '' && text !== 'null' && !/^\$[A-Z_]+$/.test(text)) return text;
  }
  return '';
}

function splitTitle(title: string): { readonly name: string; readonly tags: readonly string[] } {
  const tags: string[] = [];
  let rest = title;
  while (tags.length < MAX_TITLE_TAGS) {
    const tag = TITLE_TAG.exec(rest);
    if (tag === null) break;
    tags.push((tag[1] ?? '').trim());
    rest = rest.slice(tag[0].length);
  }
  return { name: oneLine(rest, SUMMARY_LIMIT), tags };
}

function transitionOf(body: JsonObject, tags: readonly string[]): string {
  const said = fieldText(body, ['transition', 'alert_transition']).toLowerCase();
  if (said !== '') return said;
  for (const tag of tags) {
    const word = tag.toLowerCase().split(/ on (?=\{)| for (?=\{)/, 1)[0] ?? '';
    if (word === 'recovered' || TRIGGERS.has(word)) return word;
  }
  return fieldText(body, ['type', 'alert_type']).toLowerCase() === 'success' ? 'recovered' : 'triggered';
}

function keyOf(body: JsonObject, name: string): string | null {
  const cycle = fieldText(body, ['cycle', 'alert_cycle_key']);
  const aggregate = fieldText(body, ['aggregate', 'aggreg_key']);
  if (cycle !== '' || aggregate !== '') return boundedKey(cycle || aggregate);
  const monitor = fieldText(body, ['monitor', 'alert_id']);
  if (monitor !== '') return boundedKey(`${monitor} ${fieldText(body, ['scope', 'alert_scope'])}`.trim());
  return boundedKey(name);
}

function severityFrom(body: JsonObject, transition: string): Severity | null {
  const priority = severityOf(fieldText(body, ['priority', 'alert_priority']));
  if (priority !== null) return priority;
  if (transition.endsWith('warn')) return 'warning';
  return severityOf(fieldText(body, ['type', 'alert_type']));
}

function plainFields(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name]) => fieldText(body, [name]) !== ''));
}
