import { type Instant, LIMITS } from '@watchbill/core';
import {
  addFeedAbsences,
  cancelFeedAbsences,
  clockNow,
  countAbsences,
  type FeedAbsenceRow,
  holdFeedAbsences,
  holdPerson,
  insertEvents,
  newId,
} from '@watchbill/database';
import type { CommandResult } from '../command.ts';
import { requestReplans } from '../plan/request-replans.ts';
import { type CommandContext, done, refuse, runCommand } from '../run-command.ts';
import { absenceEvent } from './absence-event.ts';
import { diffFeedAbsences, type FeedAbsence } from './diff-feed-absences.ts';

export interface FeedAbsencesInput {
  readonly person: string;
  /** All that the calendar holds now, each key once. What has ended is passed over. */
  readonly absences: readonly FeedAbsence[];
}

export interface SyncedAbsences {
  readonly entered: number;
  readonly cancelled: number;
  /** Schedules that are planned again because of it. */
  readonly replanned: readonly string[];
}

/**
 * Brings the absences that a person's calendar gave to what it holds now: new ones are entered, those that are gone
 * are cancelled, and one whose end has moved is cancelled and entered anew. What has ended is left alone, and so is
 * what others entered. The same input again changes nothing.
 */
export function syncFeedAbsences(
  context: CommandContext,
  input: FeedAbsencesInput,
): Promise<CommandResult<SyncedAbsences>> {
  return runCommand(context, { name: 'syncFeedAbsences', input }, async (tx) => {
    const now = await clockNow(tx);
    const { person } = input;
    // Somebody who is gone has nothing to enter, but what was entered for them can still be taken back.
    if (!(await holdPerson(tx, person)) && input.absences.length > 0) {
      return refuse('not_found', 'person/not-found', { message: `There is no person "${person}".` });
    }
    const stored = await holdFeedAbsences(tx, person, now);
    const { entered, cancelled } = diffFeedAbsences(stored, input.absences, now);
    const ahead = (await countAbsences(tx, person, now)) - cancelled.length + entered.length;
    if (entered.length > 0 && ahead > LIMITS.absencesPerPerson) {
      return refuse('limit', 'absence/too-many', {
        message: `At most ${LIMITS.absencesPerPerson} absences ahead a person; with the calendar it would be ${ahead}.`,
      });
    }
    if (entered.length + cancelled.length === 0) return done({ entered: 0, cancelled: 0, replanned: [] });
    const rows = entered.map((absence) => rowOf(absence, { person, actor: context.actor, now }));
    await cancelFeedAbsences(
      tx,
      cancelled.map((row) => row.id),
      now,
    );
    await addFeedAbsences(tx, rows);
    await insertEvents(tx, [
      ...cancelled.map((row) => absenceEvent('absence.cancelled', row, now)),
      ...rows.map((row) => absenceEvent('absence.entered', row, now)),
    ]);
    const touched = { people: [person], schedules: [] };
    const replanned = await requestReplans(tx, touched, { reason: 'absence', now });
    return done({ entered: rows.length, cancelled: cancelled.length, replanned });
  });
}

function rowOf(
  absence: FeedAbsence,
  made: { readonly person: string; readonly actor: string; readonly now: Instant },
): FeedAbsenceRow {
  return {
    id: newId('abs'),
    person: made.person,
    startsAt: absence.start,
    endsAt: absence.end,
    reason: null,
    origin: 'feed',
    createdBy: made.actor,
    createdAt: made.now,
    cancelledAt: null,
    feedKey: absence.key,
  };
}
