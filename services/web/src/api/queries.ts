import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { read } from './client.ts';
import type {
  Gap,
  OnCallPage,
  OnCallSeat,
  Page,
  Person,
  Schedule,
  ScheduleSummary,
  Timeline,
} from './shapes.ts';

/** What changes by itself is asked for again this often, besides whenever an event tells of a change. */
const LIVE_MS = 30_000;
const PAGE_SIZE = 200;
/** More pages than this are not read into one screen. */
const MAX_PAGES = 25;

/** All items of a list, page after page, up to a bound. */
export async function readAll<T>(path: string, signal?: AbortSignal): Promise<readonly T[]> {
  const all: T[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = new URLSearchParams({ limit: String(PAGE_SIZE), ...(cursor === null ? {} : { cursor }) });
    const answer: Page<T> = await read<Page<T>>(`${path}${path.includes('?') ? '&' : '?'}${query}`, signal);
    all.push(...answer.data);
    cursor = answer.nextCursor;
    if (cursor === null) break;
  }
  return all;
}

export interface OnCallNow {
  readonly at: string;
  readonly schedules: readonly {
    readonly schedule: string;
    readonly onCall: readonly OnCallSeat[];
    readonly next: readonly OnCallSeat[];
  }[];
}

export function useOnCallNow() {
  return useQuery({
    queryKey: ['on-call'],
    queryFn: async ({ signal }): Promise<OnCallNow> => {
      let cursor: string | null = null;
      let at = '';
      const schedules: OnCallNow['schedules'][number][] = [];
      for (let page = 0; page < MAX_PAGES; page += 1) {
        const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        const answer: OnCallPage = await read<OnCallPage>(`/v1/on-call?limit=${PAGE_SIZE}${query}`, signal);
        at = answer.at;
        schedules.push(...answer.schedules);
        cursor = answer.nextCursor ?? null;
        if (cursor === null) break;
      }
      return { at, schedules };
    },
    refetchInterval: LIVE_MS,
  });
}

export function useSchedules() {
  return useQuery({
    queryKey: ['schedules'],
    queryFn: ({ signal }) => readAll<ScheduleSummary>('/v1/schedules', signal),
  });
}

export function useSchedule(id: string) {
  return useQuery({
    queryKey: ['schedules', id],
    queryFn: ({ signal }) => read<Schedule>(`/v1/schedules/${encodeURIComponent(id)}`, signal),
  });
}

/** People by id. */
export function usePeople() {
  return useQuery({
    queryKey: ['people'],
    queryFn: ({ signal }) => readAll<Person>('/v1/people', signal),
    select: (people) => new Map(people.map((person) => [person.id, person])),
  });
}

/** The resolved timeline of `[from, to)`: the server resolves, the page draws. */
export function useTimeline(schedule: string, window: { readonly from: string; readonly to: string }) {
  const query = new URLSearchParams(window);
  return useQuery({
    queryKey: ['schedules', schedule, 'timeline', window.from, window.to],
    queryFn: ({ signal }) =>
      read<Timeline>(`/v1/schedules/${encodeURIComponent(schedule)}/timeline?${query}`, signal),
    placeholderData: keepPreviousData,
    refetchInterval: LIVE_MS,
  });
}

/** Open gaps from now on. */
export function useGaps(schedule: string) {
  return useQuery({
    queryKey: ['schedules', schedule, 'gaps'],
    queryFn: ({ signal }) => readAll<Gap>(`/v1/schedules/${encodeURIComponent(schedule)}/gaps`, signal),
    refetchInterval: LIVE_MS,
  });
}
