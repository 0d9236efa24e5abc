import {
  acknowledgePage,
  acknowledgePageByKey,
  type CommandContext,
  type CommandError,
  type CommandResult,
  escalatePage,
  notePage,
  PAGE_LIMITS,
  reassignPage,
  resolvePage,
  resolvePageByKey,
  snoozePage,
} from '@watchbill/commands';
import {
  type Database,
  type OpenIntake,
  openPageOf,
  type PageRow,
  personNamed,
  readPage,
} from '@watchbill/database';
import { intakeActor } from './act-on-signals.ts';
import { isObject } from './json-fields.ts';
import type { ActionFields } from './opsgenie.ts';
import { boundedKey, oneLine, textOf } from './plain-text.ts';

/** How a path names an alert. */
export type IdentifierType = 'id' | 'alias' | 'tiny';

export interface AlertName {
  readonly type: IdentifierType;
  readonly value: string;
}

export interface AlertAction {
  readonly database: Database;
  readonly intake: OpenIntake;
  readonly action: string;
  readonly alert: AlertName;
  readonly fields: ActionFields;
  readonly body: unknown;
}

/** What an action came to. */
export interface ActionEnd {
  readonly done: boolean;
  readonly status: string;
  readonly page: string | null;
  readonly alias: string | null;
}

interface Words {
  /** How the request is called when it is asked for. */
  readonly name: string;
  readonly status: string;
}

/**
 * What is done, or noted on the page, for each action of the API; every other one is not supported. Whom a page calls is
 * for its policy to say, so more responders and teams are noted only.
 */
export const ALERT_ACTIONS: Readonly<Record<string, Words>> = {
  acknowledge: { name: 'Acknowledge', status: 'Acknowledged alert' },
  close: { name: 'Close', status: 'Closed alert' },
  delete: { name: 'Delete', status: 'Deleted alert' },
  snooze: { name: 'Snooze', status: 'Snoozed alert' },
  escalate: { name: 'EscalateToNext', status: 'Escalated alert' },
  notes: { name: 'AddNote', status: 'Added note' },
  message: { name: 'UpdateMessage', status: 'Noted message' },
  description: { name: 'UpdateDescription', status: 'Noted description' },
  priority: { name: 'UpdatePriority', status: 'Noted priority' },
  tags: { name: 'AddTags', status: 'Noted tags' },
  details: { name: 'AddDetails', status: 'Noted details' },
  'remove tags': { name: 'RemoveTags', status: 'Noted removed tags' },
  'remove details': { name: 'RemoveDetails', status: 'Noted removed details' },
  unacknowledge: { name: 'UnAcknowledge', status: 'Unacknowledged alert' },
  assign: { name: 'Assign', status: 'Assigned alert' },
  responders: { name: 'AddResponder', status: 'Noted responder' },
  teams: { name: 'AddTeam', status: 'Noted team' },
  action: { name: 'ExecuteCustomAction', status: 'Noted action' },
};

/** The page of an alert of this intake; null when there is none. An alias names an open one only. */
export async function pageOfAlert(
  { database, intake }: Pick<AlertAction, 'database' | 'intake'>,
  alert: AlertName,
): Promise<PageRow | null> {
  const ref = alert.type === 'alias' ? await openOfAlias(database, intake, alert.value) : refOf(alert);
  const page = ref === null ? null : await readPage(database, ref);
  // Ids and numbers are not secret: one intake may not look into, or touch, the pages of another.
  return page?.intake === intake.id ? page : null;
}

/** Does what an action asks for; an alert that is not there is an end, not an error. */
export async function actOnAlert(call: AlertAction): Promise<ActionEnd | { readonly error: CommandError }> {
  const context: CommandContext = { database: call.database, actor: intakeActor(call.intake) };
  const page = await pageOfAlert(call, call.alert);
  const alias = call.alert.type === 'alias' ? boundedKey(call.alert.value) : null;
  if (page === null) return alias === null ? MISSING : actOnFolded(context, call, alias);
  const acted = await act(context, call, page);
  if (acted !== null && !acted.ok) {
    // The words of a refusal are what the sender can ask for later; a page that is over is no error of theirs.
    return { done: false, status: acted.error.message, page: page.id, alias: page.dedupKey };
  }
  const extra = call.action === 'notes' ? null : call.fields.note;
  if (extra !== null) await notePage(context, { ...by(page), text: extra });
  return { done: true, status: statusOf(call.action), page: page.id, alias: page.dedupKey };
}

const MISSING: ActionEnd = { done: false, status: 'Alert does not exist', page: null, alias: null };

/** In a storm a key has no page of its own, but can end all the same. */
async function actOnFolded(
  context: CommandContext,
  { intake, action }: AlertAction,
  dedupKey: string,
): Promise<ActionEnd | { readonly error: CommandError }> {
  const key = { intake: intake.id, dedupKey };
  const isEnd = action === 'close' || action === 'delete';
  if (!isEnd && action !== 'acknowledge') return MISSING;
  const acted = await (isEnd ? resolvePageByKey(context, key) : acknowledgePageByKey(context, key));
  if (!acted.ok) return { error: acted.error };
  const { page } = acted.value;
  return page === null ? MISSING : { done: true, status: statusOf(action), page, alias: dedupKey };
}

async function act(
  context: CommandContext,
  { action, fields, body }: AlertAction,
  page: PageRow,
): Promise<CommandResult<unknown> | null> {
  switch (action) {
    case 'acknowledge':
      return acknowledgePage(context, by(page));
    case 'close':
    case 'delete':
      return resolvePage(context, by(page));
    case 'escalate':
      return escalatePage(context, by(page));
    case 'snooze':
      return snoozePage(context, { ...by(page), until: fields.endTime ?? 0 });
    case 'unacknowledge':
      // Nobody takes care of it any more: the escalation goes on at once.
      return page.place.state === 'acknowledged' ? escalatePage(context, by(page)) : NOT_ACKNOWLEDGED;
    case 'assign': {
      const { database } = context;
      const person = await personNamed(database, fields.owner ?? '');
      if (person === null) return stranger(fields.owner);
      return reassignPage(context, { ...by(page), to: { person } });
    }
    default: {
      const text = noteText(action, body, fields);
      // What a page says already needs no note: some senders repeat themselves with every message.
      if (text === '' || text === `message: ${page.summary}`) return null;
      return notePage(context, { ...by(page), text });
    }
  }
}

const NOT_ACKNOWLEDGED: CommandResult<never> = {
  ok: false,
  error: { code: 'conflict', reason: 'page/not-acknowledged', message: 'Alert is not acknowledged' },
};

function stranger(owner: string | null): CommandResult<never> {
  const message = `There is no user "${owner ?? ''}": name somebody by e-mail address or id`;
  return { ok: false, error: { code: 'not_found', reason: 'person/unknown', message } };
}

/** Under which field of the body an action says what it is about. */
const FIELD_OF: Readonly<Record<string, string>> = {
  'remove tags': 'tags',
  'remove details': 'keys',
  responders: 'responder',
  teams: 'team',
};

function noteText(action: string, body: unknown, fields: ActionFields): string {
  if (action === 'notes') return fields.note ?? '';
  const value = isObject(body) ? body[FIELD_OF[action] ?? action] : undefined;
  const said = typeof value === 'object' && value !== null ? JSON.stringify(value) : textOf(value);
  return said === '' ? '' : oneLine(`${action}: ${said}`, PAGE_LIMITS.noteLength);
}

function by(page: PageRow) {
  return { page: page.id, by: null, via: 'intake' } as const;
}

function statusOf(action: string): string {
  return ALERT_ACTIONS[action]?.status ?? '';
}

function openOfAlias(database: Database, { id }: OpenIntake, alias: string): Promise<string | null> {
  const dedupKey = boundedKey(alias);
  return dedupKey === null ? Promise.resolve(null) : openPageOf(database, { intake: id, dedupKey });
}

function refOf({ type, value }: AlertName): string | null {
  const form = type === 'tiny' ? /^\d{1,15}$/ : /^pag_[0-9a-z]{26}$/;
  return form.test(value) ? value : null;
}
