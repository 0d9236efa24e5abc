import { useQuery } from '@tanstack/react-query';
import { read } from './client.ts';
import { readAll } from './queries.ts';

export interface Absence {
  readonly id: string;
  readonly start: string;
  readonly end: string;
  readonly reason: string | null;
  readonly origin: 'api' | 'feed' | 'file';
}

export interface StoredShift {
  readonly id: string;
  readonly schedule: string;
  readonly role: string;
  readonly start: string;
  readonly end: string;
  readonly status: 'active' | 'cancelled';
}

export interface ContactMethod {
  readonly id: string;
  readonly kind: 'email' | 'sms' | 'voice' | 'ntfy' | 'webhook';
  readonly address: string;
  readonly verifiedAt: string | null;
}

export interface NotificationRule {
  readonly contactMethod: string | null;
  readonly afterSeconds: number;
}

export interface NotificationRules {
  readonly high: readonly NotificationRule[];
  readonly low: readonly NotificationRule[];
  readonly quietHours: { readonly from: string; readonly to: string } | null;
}

/** The address of a person in the API. */
export function personPath(person: string): string {
  return `/v1/people/${encodeURIComponent(person)}`;
}

export function useAbsences(person: string) {
  return useQuery({
    queryKey: ['people', person, 'absences'],
    queryFn: ({ signal }) => readAll<Absence>(`${personPath(person)}/absences`, signal),
  });
}

/** The next shifts of a person over all schedules. */
export function useComingShifts(person: string) {
  return useQuery({
    queryKey: ['people', person, 'shifts'],
    queryFn: ({ signal }) =>
      read<{ data: readonly StoredShift[]; nextCursor: string | null }>(
        `${personPath(person)}/shifts?limit=20`,
        signal,
      ),
  });
}

/** More shifts than these are not offered for a swap at once. */
const SHIFTS_AHEAD = 60;

/** Whole shifts of a person to come, soonest first; of nobody none. */
export function useShiftsAhead(person: string | null) {
  return useQuery({
    queryKey: ['people', person, 'shifts', SHIFTS_AHEAD],
    queryFn: async ({ signal }): Promise<readonly StoredShift[]> => {
      const path = `${personPath(person ?? '')}/shifts?limit=${SHIFTS_AHEAD}`;
      const { data } = await read<{ data: readonly StoredShift[] }>(path, signal);
      return data.filter(({ status }) => status === 'active');
    },
    enabled: person !== null,
  });
}

export function useContactMethods(person: string) {
  return useQuery({
    queryKey: ['people', person, 'contact'],
    queryFn: ({ signal }) =>
      read<{ data: readonly ContactMethod[] }>(`${personPath(person)}/contact-methods`, signal),
  });
}

export function useNotificationRules(person: string) {
  return useQuery({
    queryKey: ['people', person, 'rules'],
    queryFn: ({ signal }) => read<NotificationRules>(`${personPath(person)}/notification-rules`, signal),
  });
}
