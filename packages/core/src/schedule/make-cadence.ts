import type { Problems } from '../problem.ts';
import type { WallTime } from '../time/interval.ts';
import type { CadenceDraft, RotationDraft } from './draft.ts';
import type { DraftReading } from './draft-reading.ts';
import { LIMITS } from './limits.ts';
import { makeMember } from './make-member.ts';
import type { Cadence, Member } from './schedule.ts';
import { readWall } from './when.ts';

const CADENCE_UNITS: readonly string[] = ['hour', 'day', 'week', 'month'];

/** The cadence and the anchor of a draft, or null after a problem. */
export function makeCadence(
  draft: RotationDraft,
  reading: DraftReading,
  problems: Problems,
): { readonly cadence: Cadence; readonly start: WallTime } | null {
  const cadence = draft.cadence;
  if (cadence === undefined) {
    problems.add(
      ['cadence'],
      'rotation/cadence',
      'Say how long a turn lasts, such as { every: 1, unit: week }.',
    );
  } else {
    checkCadence(cadence, problems.at('cadence'));
  }
  if (draft.start === undefined) {
    problems.add(
      ['start'],
      'rotation/start',
      'Say when a turn of the first member starts: YYYY-MM-DDTHH:mm.',
    );
    return null;
  }
  const start = readWall(draft.start, reading.timeZone, problems.at('start'));
  if (start === null || cadence === undefined) return null;
  return { cadence: { every: cadence.every, unit: cadence.unit }, start };
}

function checkCadence({ every, unit }: CadenceDraft, problems: Problems): void {
  if (!Number.isInteger(every) || every < 1 || every > LIMITS.cadenceEvery) {
    const rule = `every is a whole number from 1 to ${LIMITS.cadenceEvery}`;
    problems.add(['every'], 'rotation/cadence-every', `${rule}; got ${every}.`);
  }
  if (!CADENCE_UNITS.includes(unit)) {
    problems.add(['unit'], 'rotation/cadence-unit', `unit is one of ${CADENCE_UNITS.join(', ')}.`);
  }
}

/** The places of a roster; `team` is everybody of the schedule's team. */
export function makeRoster(
  draft: RotationDraft['roster'],
  reading: DraftReading,
  problems: Problems,
): Member[] {
  const members = draft === 'team' ? reading.teamMembers : (draft ?? []);
  if (members === null) {
    problems.add(
      [],
      'rotation/no-team',
      'roster: team needs a team on the schedule; name it or list the people.',
    );
    return [];
  }
  if (members.length === 0) {
    problems.add([], 'rotation/empty-roster', 'List at least one person; "nobody" is a vacant seat.');
  }
  if (members.length > LIMITS.rosterPerRotation) {
    const limit = LIMITS.rosterPerRotation;
    problems.add([], 'limit/roster', `A roster has at most ${limit} members; got ${members.length}.`);
    return [];
  }
  return members.map((member, index) => makeMember(member, reading, problems.at(index)));
}
