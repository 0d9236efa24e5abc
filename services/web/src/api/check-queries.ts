import { useQuery } from '@tanstack/react-query';
import { parseInstant } from '@watchbill/core';
import { timelineText } from '../text/timeline.ts';
import type { Trouble, TroubleKind } from '../timeline/troubles.ts';
import { read } from './client.ts';

interface CheckAnswer {
  readonly warnings: readonly {
    readonly code: string;
    readonly person: string | null;
    readonly message: string;
    readonly stretches: readonly { readonly start: string; readonly end: string }[];
  }[];
  readonly participation: readonly { readonly people: readonly { readonly person: string }[] }[];
}

/** One sentence about somebody, and the stretches that it is about. */
export interface Warning {
  readonly message: string;
  readonly troubles: readonly Trouble[];
}

export interface ScheduleCheck {
  readonly warnings: readonly Warning[];
  readonly byPerson: ReadonlyMap<string, readonly Trouble[]>;
  /** Everybody of the team. */
  readonly team: readonly string[];
}

/** Looked at anew at most this often, unless the schedule changes. */
const STALE_MS = 60_000;

/** What the server finds unwise in the three months ahead: standing twice at once, while away, or without rest. */
export function useScheduleCheck(schedule: string) {
  return useQuery({
    queryKey: ['schedules', schedule, 'check'],
    queryFn: ({ signal }) =>
      read<CheckAnswer>(`/v1/schedules/${encodeURIComponent(schedule)}/check?weeks=1`, signal),
    select: checkOf,
    staleTime: STALE_MS,
  });
}

function checkOf({ warnings, participation }: CheckAnswer): ScheduleCheck {
  const known = warnings.flatMap(({ code, person, message, stretches }): Warning[] => {
    if (person === null || !isKind(code)) return [];
    const troubles = stretches.map(
      ({ start, end }): Trouble => ({
        ...{ kind: code, person },
        ...{ start: parseInstant(start) ?? 0, end: parseInstant(end) ?? 0 },
      }),
    );
    return [{ message, troubles }];
  });
  const byPerson = new Map<string, Trouble[]>();
  for (const trouble of known.flatMap(({ troubles }) => troubles)) {
    byPerson.set(trouble.person, [...(byPerson.get(trouble.person) ?? []), trouble]);
  }
  const team = participation.flatMap(({ people }) => people.map(({ person }) => person));
  return { warnings: known, byPerson, team };
}

function isKind(code: string): code is TroubleKind {
  return code in timelineText.trouble.kinds;
}
