import { boundedDetails } from './bounded-details.ts';
import { fieldOf, isObject, type JsonObject, listAt, objectAt, stated } from './json-fields.ts';
import {
  KEY_LIMIT,
  lineOrNull,
  linksOf,
  oneLine,
  SOURCE_LIMIT,
  SUMMARY_LIMIT,
  textOf,
} from './plain-text.ts';
import { severityOf } from './severity-words.ts';
import { asks, type Reading, type SignalLink, unreadable } from './signal.ts';

/** A change event: context, told to nobody. */
export interface ChangeSignal {
  readonly summary: string;
  readonly source: string | null;
  readonly details: Readonly<Record<string, unknown>> | null;
  readonly links: readonly SignalLink[];
  /** As the sender wrote it; null where it is no instant. */
  readonly happenedAt: number | null;
}

export type ChangeReading =
  | { readonly ok: true; readonly change: ChangeSignal }
  | { readonly ok: false; readonly errors: readonly string[] };

const ACTIONS = ['trigger', 'acknowledge', 'resolve'] as const;
const SEVERITIES = ['critical', 'warning', 'error', 'info'];

/** The routing key of an event: of the body, else of the header that some clients send. */
export function routingKeyOf(body: unknown, header: string | undefined): string {
  return textOf(fieldOf(body, 'routing_key')).trim() || (header ?? '').trim();
}

/** Reads an event of the PagerDuty Events API v2. Errors are worded as that API words them. */
export function readPagerdutyEvent(body: unknown): Reading {
  if (!isObject(body)) return unreadable('Event object is not a JSON object');
  const errors: string[] = [];
  const action = ACTIONS.find((name) => name === body.event_action);
  if (isBlank(body.event_action)) errors.push("'event_action' is missing or blank");
  else if (action === undefined) {
    errors.push(
      "'event_action' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')",
    );
  }
  const dedupKey = eventKeyOf(body, 'dedup_key', errors);
  if (action !== undefined && action !== 'trigger') {
    if (dedupKey === null && errors.length === 0) errors.push("'dedup_key' is missing or blank");
    return errors.length > 0 || dedupKey === null ? unreadable(...errors) : asks({ action, dedupKey });
  }
  const payload = objectAt(body, 'payload');
  if (!isObject(body.payload)) errors.push("'payload' is missing or is not an object");
  else errors.push(...payloadErrors(payload));
  const severity = severityOf(payload.severity);
  if (errors.length > 0 || severity === null) return unreadable(...errors);
  return asks({
    action: 'trigger',
    dedupKey,
    summary: oneLine(payload.summary, SUMMARY_LIMIT),
    severity,
    source: lineOrNull(payload.source, SOURCE_LIMIT),
    details: detailsOf(body, payload),
    links: eventLinks(body),
  });
}

/** Reads a change event: `/v2/change/enqueue`. */
export function readPagerdutyChange(body: unknown, now: number): ChangeReading {
  if (!isObject(body)) return { ok: false, errors: ['Event object is not a JSON object'] };
  const payload = objectAt(body, 'payload');
  if (isBlank(payload.summary)) return { ok: false, errors: ["'payload.summary' is missing or blank"] };
  const happenedAt = Date.parse(textOf(payload.timestamp));
  const isPast = Number.isFinite(happenedAt) && happenedAt > 0 && happenedAt <= now + DAY_MS;
  return {
    ok: true,
    change: {
      summary: oneLine(payload.summary, SUMMARY_LIMIT),
      source: lineOrNull(payload.source, SOURCE_LIMIT),
      details: boundedDetails({ custom_details: payload.custom_details, images: imagesOf(body) }),
      links: eventLinks(body),
      happenedAt: isPast ? happenedAt : null,
    },
  };
}

const DAY_MS = 24 * 3_600_000;

/** The key of an event under its name; null where it has none, or one that is wrong, which `errors` then says. */
export function eventKeyOf(
  body: JsonObject,
  name: 'dedup_key' | 'incident_key',
  errors: string[],
): string | null {
  const given = body[name];
  if (given === undefined || given === null || given === '') return null;
  const key = textOf(given);
  if (key.length > KEY_LIMIT) {
    errors.push(`Length of '${name}' is incorrect (should be at most ${KEY_LIMIT} characters)`);
    return null;
  }
  const line = oneLine(key, KEY_LIMIT);
  if (line === '') errors.push(`'${name}' is missing or blank`);
  return line || null;
}

function payloadErrors(payload: JsonObject): string[] {
  const errors: string[] = [];
  if (isBlank(payload.summary)) errors.push("'payload.summary' is missing or blank");
  if (isBlank(payload.source)) errors.push("'payload.source' is missing or blank");
  const severity = textOf(payload.severity).trim().toLowerCase();
  if (severity === '') errors.push("'payload.severity' is missing or blank");
  else if (!SEVERITIES.includes(severity)) {
    errors.push(
      "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')",
    );
  }
  return errors;
}

function detailsOf(body: JsonObject, payload: JsonObject) {
  const { component, group, class: kind, timestamp, custom_details } = payload;
  const images = imagesOf(body);
  return boundedDetails({
    ...stated({ component, group, class: kind, timestamp, client: body.client }),
    ...(images.length > 0 && { images }),
    ...(custom_details !== undefined && custom_details !== null && { custom_details }),
  });
}

function imagesOf(body: JsonObject): readonly unknown[] {
  return listAt(body, 'images')
    .filter((image) => linksOf([{ href: fieldOf(image, 'src') }]).length === 1)
    .slice(0, MAX_IMAGES)
    .map((image) => ({ src: textOf(fieldOf(image, 'src')), alt: oneLine(fieldOf(image, 'alt'), ALT_LIMIT) }));
}

const MAX_IMAGES = 5;
const ALT_LIMIT = 200;

function eventLinks(body: JsonObject): SignalLink[] {
  const links = listAt(body, 'links').map((link) => ({
    href: fieldOf(link, 'href'),
    text: fieldOf(link, 'text'),
  }));
  const images = listAt(body, 'images').map((image) => ({
    href: fieldOf(image, 'href'),
    text: fieldOf(image, 'alt'),
  }));
  const client = { href: body.client_url, text: body.client };
  return linksOf([...links, client, ...images]);
}

function isBlank(value: unknown): boolean {
  return oneLine(value, SUMMARY_LIMIT) === '';
}
