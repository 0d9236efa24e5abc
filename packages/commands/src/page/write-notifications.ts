import type { FiredStep, Instant, PersonId } from '@watchbill/core';
import {
  insertNotifications,
  insertOutbox,
  type NewNotification,
  newId,
  type PageRow,
  type Transaction,
} from '@watchbill/database';
import { PAGE_WAKE_AGAIN_MS } from './page-limits.ts';
import type { PersonWay } from './ways-of-people.ts';

/** Writes the notifications of a step that fired, and wakes those who send what is due at once. */
export async function writeNotifications(
  tx: Transaction,
  page: PageRow,
  of: {
    readonly fired: FiredStep;
    readonly ways: ReadonlyMap<PersonId, readonly PersonWay[]>;
    readonly now: Instant;
  },
): Promise<void> {
  const { fired, ways, now } = of;
  const common = { number: fired.number, reason: 'step' as const, urgency: page.urgency, now };
  await writeRows(tx, page, [
    ...[...fired.told, ...fired.noWay].flatMap(({ person }) =>
      personRows(page, { ...common, person, ways: ways.get(person) ?? [] }),
    ),
    ...fired.targets.map((target) => ({
      ...rowOf(page, common),
      target,
      way: target.kind === 'slackChannel' ? 'slack' : 'webhook',
    })),
  ]);
}

/** Writes the notifications of people who came on call while a page is open. */
export async function writeHandover(
  tx: Transaction,
  page: PageRow,
  of: {
    readonly people: readonly PersonId[];
    readonly ways: ReadonlyMap<PersonId, readonly PersonWay[]>;
    readonly urgency: PageRow['urgency'];
    readonly now: Instant;
  },
): Promise<void> {
  const { people, ways, urgency, now } = of;
  const common = { number: null, reason: 'handover' as const, urgency, now };
  await writeRows(
    tx,
    page,
    people.flatMap((person) => personRows(page, { ...common, person, ways: ways.get(person) ?? [] })),
  );
}

interface RowWish extends Pick<NewNotification, 'number' | 'reason' | 'urgency'> {
  readonly now: Instant;
}

function rowOf(page: PageRow, { number, reason, urgency, now }: RowWish): NewNotification {
  return {
    id: newId('ntf'),
    page: page.id,
    ...{ round: page.place.round, pass: page.place.pass, number, reason, urgency },
    ...{ person: null, target: null, way: null, contactMethod: null, dueAt: now, createdAt: now },
  };
}

/** One row for each way; whoever has none gets a row that has failed, so that it is seen. */
function personRows(
  page: PageRow,
  wish: RowWish & { readonly person: PersonId; readonly ways: readonly PersonWay[] },
): NewNotification[] {
  const { person, ways } = wish;
  if (ways.length === 0) return [{ ...rowOf(page, wish), person }];
  return ways.map(({ way, contactMethod, afterMs }) => ({
    ...rowOf(page, wish),
    ...{ person, way, contactMethod, dueAt: wish.now + afterMs },
  }));
}

async function writeRows(tx: Transaction, page: PageRow, rows: readonly NewNotification[]): Promise<void> {
  await insertNotifications(tx, rows, PAGE_WAKE_AGAIN_MS);
  // The Slack bot looks for its own.
  const due = rows.filter(
    ({ way, dueAt, createdAt }) => way !== null && way !== 'slack' && dueAt <= createdAt,
  );
  const [first] = due;
  if (first === undefined) return;
  const payload = { notifications: due.map((row) => row.id) };
  await insertOutbox(tx, [
    {
      key: `notifications.${page.id}.${first.id}`,
      queue: 'notifications',
      name: 'notifications.due',
      payload,
    },
  ]);
}
