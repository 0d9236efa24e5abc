import type { Severity } from '@watchbill/core';
import { boundedDetails } from './bounded-details.ts';
import { isObject, type JsonObject, objectAt } from './json-fields.ts';
import { boundedKey, lineOrNull, oneLine, SOURCE_LIMIT, SUMMARY_LIMIT, textOf } from './plain-text.ts';
import type { TriggerSignal } from './signal.ts';

/** What is wrong with a body, by field, as the Opsgenie API lists it. */
export type FieldErrors = Readonly<Record<string, string>>;

export type AlertReading =
  | { readonly ok: true; readonly signal: TriggerSignal }
  | { readonly ok: false; readonly errors: FieldErrors };

/** What an action on an alert says beside its kind. */
export interface ActionFields {
  readonly note: string | null;
  readonly user: string | null;
  readonly endTime: number | null;
  /** Whom it is to be given to: a user name, which is an e-mail address, or an id. */
  readonly owner: string | null;
}

export type ActionReading =
  | { readonly ok: true; readonly fields: ActionFields }
  | { readonly ok: false; readonly errors: FieldErrors };

/** P3 is what a sender gets who chose nothing, so it still wakes people. */
const SEVERITY_OF: Readonly<Record<string, Severity>> = {
  P1: 'critical',
  P2: 'error',
  P3: 'error',
  P4: 'warning',
  P5: 'info',
};
const PRIORITY_OF: Readonly<Record<Severity, string>> = {
  critical: 'P1',
  error: 'P2',
  warning: 'P4',
  info: 'P5',
};
const DEFAULT_PRIORITY = 'P3';
const NOTE_LIMIT = 2_000;
const USER_LIMIT = 100;
const OWNER_LIMIT = 320;
const MAX_TAGS = 20;
const LISTS = ['responders', 'visibleTo', 'actions', 'tags'] as const;

/** The key out of `Authorization: GenieKey …`; empty where there is none. */
export function genieKeyOf(header: string | undefined): string {
  return /^GenieKey +(\S{1,200})$/i.exec(header ?? '')?.[1] ?? '';
}

/** The priority by which an alert is shown: the one it came with, else the one its severity means. */
export function priorityOf(severity: Severity, details: unknown): string {
  const own = isObject(details) ? textOf(details.priority) : '';
  return Object.hasOwn(SEVERITY_OF, own) ? own : PRIORITY_OF[severity];
}

/** Reads the body of `POST /v2/alerts`. */
export function readOpsgenieAlert(body: unknown): AlertReading {
  if (!isObject(body)) return { ok: false, errors: { body: 'Body must be a JSON object.' } };
  const errors: Record<string, string> = {};
  const message = oneLine(body.message, SUMMARY_LIMIT);
  if (message === '') errors.message = 'Message can not be empty.';
  const priority = textOf(body.priority).trim().toUpperCase() || DEFAULT_PRIORITY;
  const severity = Object.hasOwn(SEVERITY_OF, priority) ? SEVERITY_OF[priority] : undefined;
  if (severity === undefined) errors.priority = 'Priority must be one of [P1, P2, P3, P4, P5].';
  for (const list of LISTS) {
    const value = body[list];
    if (value !== undefined && value !== null && !Array.isArray(value))
      errors[list] = `${list} must be a list.`;
  }
  if (body.details !== undefined && body.details !== null && !isObject(body.details)) {
    errors.details = 'details must be an object.';
  }
  if (severity === undefined || Object.keys(errors).length > 0) return { ok: false, errors };
  const signal: TriggerSignal = {
    action: 'trigger',
    dedupKey: boundedKey(body.alias),
    summary: message,
    severity,
    source: lineOrNull(body.source, SOURCE_LIMIT),
    details: boundedDetails({ priority, ...alertDetails(body) }),
    links: [],
  };
  return { ok: true, signal };
}

/** Reads the body of an action; an empty one says nothing more. `now` is an instant. */
export function readOpsgenieAction(action: string, body: unknown, now: number): ActionReading {
  if (body !== undefined && !isObject(body)) {
    return { ok: false, errors: { body: 'Body must be a JSON object.' } };
  }
  const note = lineOrNull(body?.note, NOTE_LIMIT);
  const user = lineOrNull(body?.user, USER_LIMIT);
  if (action === 'notes' && note === null) return { ok: false, errors: { note: 'Note can not be empty.' } };
  if (action === 'assign') return readOwner(body, { note, user });
  if (action !== 'snooze') return { ok: true, fields: { note, user, endTime: null, owner: null } };
  const endTime = Date.parse(textOf(body?.endTime));
  if (!Number.isFinite(endTime)) {
    return { ok: false, errors: { endTime: 'endTime must be a date in ISO 8601 format.' } };
  }
  if (endTime <= now) return { ok: false, errors: { endTime: 'endTime must be in the future.' } };
  return { ok: true, fields: { note, user, endTime, owner: null } };
}

function readOwner(body: JsonObject | undefined, said: Pick<ActionFields, 'note' | 'user'>): ActionReading {
  const { username, id } = objectAt(body, 'owner');
  const owner = lineOrNull(username, OWNER_LIMIT) ?? lineOrNull(id, OWNER_LIMIT);
  if (owner === null) return { ok: false, errors: { owner: 'Owner must have a username or an id.' } };
  return { ok: true, fields: { ...said, endTime: null, owner } };
}

function alertDetails(body: JsonObject): JsonObject {
  const { description, entity, user, note, responders, visibleTo, actions, details } = body;
  const tags = Array.isArray(body.tags) ? body.tags.slice(0, MAX_TAGS).map(textOf).filter(Boolean) : [];
  const fields = { description, entity, user, note, responders, visibleTo, actions, details };
  const kept = Object.entries({ ...fields, ...(tags.length > 0 && { tags }) });
  return Object.fromEntries(kept.filter(([, value]) => !isNothing(value)));
}

function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
