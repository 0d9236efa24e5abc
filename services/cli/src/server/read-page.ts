import { parseInstant } from '@watchbill/core';
import { plain } from './call-server.ts';
import { asRecord } from './read-applied.ts';

/** A page of a server's answer, as far as it is shown to people. */
export interface ShownPage {
  readonly id: string;
  readonly number: number;
  readonly state: string;
  readonly severity: string;
  readonly summary: string;
  readonly schedule: string | null;
  readonly repeats: number;
  readonly folded: number;
  readonly createdAt: number;
  readonly snoozedUntil: number | null;
  readonly acknowledged: ShownActor | null;
  readonly resolved: ShownActor | null;
}

export interface ShownActor {
  readonly name: string;
  readonly at: number;
}

/** Reads a page; null when it is not what a Watchbill server says. */
export function readPage(body: unknown): ShownPage | null {
  const page = asRecord(body);
  const createdAt = instantOf(page?.createdAt);
  if (page === null || typeof page.number !== 'number' || createdAt === null) return null;
  return {
    id: plain(page.id),
    number: page.number,
    state: plain(page.state),
    severity: plain(page.severity),
    summary: plain(page.summary),
    schedule: typeof page.schedule === 'string' ? plain(page.schedule) : null,
    repeats: typeof page.repeats === 'number' ? page.repeats : 0,
    folded: typeof page.folded === 'number' ? page.folded : 0,
    createdAt,
    snoozedUntil: instantOf(page.snoozedUntil),
    acknowledged: actorOf(page.acknowledged),
    resolved: actorOf(page.resolved),
  };
}

function actorOf(value: unknown): ShownActor | null {
  const actor = asRecord(value);
  const at = instantOf(actor?.at);
  if (actor === null || at === null) return null;
  return { name: plain(actor.person ?? actor.actor), at };
}

export function instantOf(value: unknown): number | null {
  return typeof value === 'string' ? parseInstant(value) : null;
}
