import { SEVERITIES, type Severity } from '@watchbill/core';
import type { IntakeMapping } from '@watchbill/database';
import { boundedDetails } from './bounded-details.ts';
import { fieldOf, isObject, type JsonObject, listAt } from './json-fields.ts';
import { valuesAt } from './json-path.ts';
import { mapped, mappedText } from './mapping.ts';
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
import { asks, asksNothing, type Reading, type Signal, unreadable } from './signal.ts';

export interface GenericOptions {
  readonly mapping: IntakeMapping | null;
  readonly severity: Severity | null;
}

/** So many signals one request may hold. */
export const MAX_ITEMS = 100;

const ACKNOWLEDGE_WORDS = ['acknowledge', 'acknowledged', 'ack', 'acked'];
const RESOLVE_WORDS = [
  'resolve',
  'resolved',
  'ok',
  'close',
  'closed',
  'recovered',
  'recovery',
  'up',
  'success',
];

/** Reads any JSON: by the mapping of the intake, or, where it has none, in our own words. */
export function readGeneric(body: unknown, options: GenericOptions): Reading {
  const { mapping } = options;
  if (mapping === null) return readPlain(body, options);
  if (typeof body !== 'object' || body === null) return unreadable('The body is not a JSON object or list.');
  const items = mapping.each === undefined ? [body] : valuesAt(body, mapping.each);
  if (items.length > MAX_ITEMS) {
    return unreadable(`"each" leads to more than ${MAX_ITEMS} things; send fewer in one request.`);
  }
  const signals: Signal[] = [];
  const errors: string[] = [];
  for (const [index, item] of items.entries()) {
    const read = readItem(item, mapping, options);
    if (read === null) continue;
    if (typeof read === 'string')
      errors.push(mapping.each === undefined ? read : `Of number ${index + 1}: ${read}`);
    else signals.push(read);
  }
  if (errors.length > 0) return unreadable(...errors.slice(0, MAX_ERRORS));
  return signals.length > 0
    ? asks(...signals)
    : asksNothing('The mapping leads to nothing that needs anybody.');
}

const MAX_ERRORS = 20;

/** A signal, null for what is to be ignored, or what is wrong. */
function readItem(item: unknown, mapping: IntakeMapping, options: GenericOptions): Signal | string | null {
  const action = mappedAction(mappedText(item, mapping.action), mapping);
  const dedupKey = boundedKey(mappedText(item, mapping.dedupKey));
  if (action === 'ignore') return null;
  if (action !== 'trigger') {
    return dedupKey === null
      ? '"dedupKey" leads to nothing, so nobody knows what is over.'
      : { action, dedupKey };
  }
  const summary = oneLine(mappedText(item, mapping.summary), SUMMARY_LIMIT);
  if (summary === '') return '"summary" leads to nothing.';
  const word = mappedText(item, mapping.severity);
  const link = mapped(item, mapping.link);
  return {
    action,
    dedupKey,
    summary,
    severity: mappedSeverity(word, mapping) ?? severityOf(word) ?? options.severity ?? DEFAULT_SEVERITY,
    source: lineOrNull(mappedText(item, mapping.source), SOURCE_LIMIT),
    details: boundedDetails(mapping.details === undefined ? item : mapped(item, mapping.details)),
    links: linksOf([{ href: link }]),
  };
}

type Action = Signal['action'] | 'ignore';

function mappedAction(word: string, mapping: IntakeMapping): Action {
  if (mapping.action === undefined) return 'trigger';
  const said = word.trim().toLowerCase();
  const { trigger, acknowledge, resolve, ignore } = mapping.actions ?? {};
  const isOneOf = (words: readonly string[] | undefined): boolean =>
    words?.some((one) => one.trim().toLowerCase() === said) ?? false;
  if (isOneOf(ignore)) return 'ignore';
  if (isOneOf(trigger)) return 'trigger';
  if (isOneOf(acknowledge ?? ACKNOWLEDGE_WORDS)) return 'acknowledge';
  if (isOneOf(resolve ?? RESOLVE_WORDS)) return 'resolve';
  return trigger === undefined ? 'trigger' : 'ignore';
}

function mappedSeverity(word: string, { severities }: IntakeMapping): Severity | null {
  const said = word.trim().toLowerCase();
  return (
    SEVERITIES.find((severity) => severities?.[severity]?.some((one) => one.trim().toLowerCase() === said)) ??
    null
  );
}

/** Our own words: `action`, `dedupKey`, `summary`, `severity`, `source`, `details`, `links`. */
function readPlain(body: unknown, options: GenericOptions): Reading {
  if (!isObject(body)) return unreadable('The body is not a JSON object.');
  const word = textOf(firstOf(body, ['action', 'status', 'state']));
  const action = mappedAction(word, { summary: '', action: '$.action' });
  const dedupKey = boundedKey(firstOf(body, ['dedupKey', 'dedup_key', 'key', 'alias']));
  if (action === 'acknowledge' || action === 'resolve') {
    return dedupKey === null ? unreadable('"dedupKey" is missing.') : asks({ action, dedupKey });
  }
  const summary = oneLine(firstOf(body, ['summary', 'title', 'message']), SUMMARY_LIMIT);
  if (summary === '') return unreadable('"summary" is missing: say in one line what is wrong.');
  const details = fieldOf(body, 'details');
  const links = listAt(body, 'links').map((link) =>
    isObject(link) ? { href: link.href, text: link.text } : { href: link },
  );
  return asks({
    action: 'trigger',
    dedupKey,
    summary,
    severity: severityOf(body.severity) ?? options.severity ?? DEFAULT_SEVERITY,
    source: lineOrNull(body.source, SOURCE_LIMIT),
    details: boundedDetails(details === undefined ? otherFields(body) : details),
    links: linksOf([...links, { href: body.link }, { href: body.url }]),
  });
}

const KNOWN_FIELDS = new Set([
  ...['action', 'status', 'state', 'dedupKey', 'dedup_key', 'key', 'alias', 'summary', 'title'],
  ...['severity', 'source', 'links', 'link', 'url'],
]);

function otherFields(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !KNOWN_FIELDS.has(name)));
}

function firstOf(body: JsonObject, names: readonly string[]): unknown {
  return names.map((name) => fieldOf(body, name)).find((value) => textOf(value).trim() !== '');
}
