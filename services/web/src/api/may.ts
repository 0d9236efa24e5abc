import { useSchedules } from './queries.ts';
import { useSession } from './session.ts';

/** What the one who is signed in may do, so that no page offers what would be refused. The server has the last word. */
export interface May {
  readonly admin: boolean;
  /** The person of the configuration who it is; null also for who only reads. */
  readonly person: string | null;
  /** Manages some team, or everything. */
  readonly managesSome: boolean;
  readonly manages: (schedule: string) => boolean;
  readonly managesTeam: (team: string) => boolean;
  /** Answers pages. */
  readonly answers: boolean;
  /** May act for a person: for oneself, and for others as a manager. */
  readonly actsFor: (person: string) => boolean;
}

export function useMay(): May {
  const session = useSession().data ?? null;
  const schedules = useSchedules().data;
  const role = session?.account.role ?? 'read_only';
  const admin = role === 'admin';
  const person = role === 'read_only' ? null : (session?.person ?? null);
  const teams = role === 'read_only' ? [] : (session?.managerOf ?? []);
  const managesSome = admin || teams.length > 0;
  return {
    ...{ admin, person, managesSome },
    manages: (schedule) => {
      const team = schedules?.find(({ id }) => id === schedule)?.team ?? null;
      return admin || (team !== null && teams.includes(team));
    },
    managesTeam: (team) => admin || teams.includes(team),
    answers: admin || person !== null,
    actsFor: (one) => managesSome || one === person,
  };
}
