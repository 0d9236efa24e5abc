import type { Instant } from '@watchbill/core';
import {
  insertEvents,
  insertPageLog,
  type NewEvent,
  type PageRow,
  type Transaction,
} from '@watchbill/database';
import type { HeldPage } from './hold-page.ts';

/** Writes down what somebody did to a page: a line in its log and an event. */
export async function recordAct(
  tx: Transaction,
  { page, actor }: HeldPage,
  of: {
    readonly kind: string;
    readonly event: NewEvent;
    readonly detail?: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  const { person, actor: name, via, at } = actor;
  await insertPageLog(tx, page.id, [
    { at, kind: of.kind, person, actor: name, via, detail: of.detail ?? {} },
  ]);
  await insertEvents(tx, [of.event]);
}

/** Whether it is so soon after the last time that it is the same wish, clicked twice. */
export function isSecondClick(last: Instant | null, now: Instant, withinMs: number): boolean {
  return last !== null && now - last < withinMs;
}

/** The page with its first acknowledgement noted. */
export function withFirstAnswer(page: PageRow, now: Instant): PageRow {
  return { ...page, firstAcknowledgedAt: page.firstAcknowledgedAt ?? now };
}
