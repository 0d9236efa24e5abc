import type { Problems } from '../problem.ts';
import { checkUnique, MAX_SUGGESTIONS, quote } from './check.ts';
import type { MemberDraft } from './draft.ts';
import type { DraftReading } from './draft-reading.ts';
import { LIMITS } from './limits.ts';
import type { PersonId } from './schedule.ts';

/** The people of one place: one id, several together, or none for `nobody`. */
export function makeMember(draft: MemberDraft, reading: DraftReading, problems: Problems): PersonId[] {
  if (draft === 'nobody') return [];
  if (typeof draft === 'string') {
    checkPerson(draft, reading, problems);
    return [draft];
  }
  if (draft.length === 0) problems.add([], 'person/none', 'Name at least one person, or write nobody.');
  if (draft.length > LIMITS.peoplePerMember) {
    problems.add(
      [],
      'limit/member',
      `At most ${LIMITS.peoplePerMember} people together; got ${draft.length}.`,
    );
    return [];
  }
  checkUnique(draft, problems);
  draft.forEach((id, index) => {
    checkPerson(id, reading, problems.at(index));
  });
  return [...draft];
}

/** A problem for an id that is nobody's. */
export function checkPerson(id: PersonId, reading: DraftReading, problems: Problems): void {
  if (id === 'nobody') {
    problems.add(
      [],
      'person/nobody-in-list',
      'nobody stands alone: it cannot be on call together with others.',
    );
  } else if (!reading.people.has(id)) {
    const near = problems.all.length < MAX_SUGGESTIONS ? reading.nearestPerson(id) : null;
    const hint = near === null ? 'add them under people' : `did you mean ${near}?`;
    problems.add([], 'person/unknown', `There is no person ${quote(id)}: ${hint}`);
  }
}
