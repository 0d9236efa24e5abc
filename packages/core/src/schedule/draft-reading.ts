import type { Problems } from '../problem.ts';
import type { WindowDefaults } from './hours-draft.ts';
import type { PersonId, ZoneName } from './schedule.ts';

/** What the parts of a draft are read against. */
export interface DraftReading {
  readonly timeZone: ZoneName;
  readonly people: ReadonlySet<PersonId>;
  readonly teamMembers: readonly PersonId[] | null;
  readonly hours: WindowDefaults & { readonly hasCoreHours: boolean };
  /** The role, the first one by default; a problem if the schedule has no such role. */
  readonly role: (name: string | undefined, problems: Problems) => string;
  readonly nearestPerson: (id: string) => string | null;
}
