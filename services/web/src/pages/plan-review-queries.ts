import { useQuery } from '@tanstack/react-query';
import { read } from '../api/client.ts';
import { readAll } from '../api/queries.ts';
import type { BurdenLine } from '../fairness/burden-shares.ts';

export interface PlanHead {
  readonly id: string;
  readonly version: number;
  readonly status: 'draft' | 'published' | 'superseded' | 'discarded';
  readonly from: string;
  readonly to: string;
  readonly value: number | null;
  readonly bound: number | null;
  readonly reason: string;
  readonly createdBy: string;
  readonly createdAt: string;
}

type Load = Readonly<Record<'hours' | 'shifts' | 'nights' | 'weekendShifts', number>>;

export interface PlanGap {
  readonly unit: string;
  readonly proof: 'unavoidable' | 'not-proven';
  readonly words: string | null;
  readonly refused: readonly { readonly person: string; readonly rule: string }[];
}

export interface PlanUnit {
  readonly unit: string;
  readonly role: string;
  readonly rotation: string;
  readonly intervals: readonly { readonly start: string; readonly end: string }[];
}

export interface PlanDetail extends PlanHead {
  readonly difference: {
    readonly people: readonly { readonly person: string; readonly change: Load }[];
  };
  readonly changes: readonly {
    readonly unit: string;
    readonly from: string | null;
    readonly to: string | null;
    readonly reason: 'forced' | 'consequential' | 'chosen';
    readonly rule: string | null;
  }[];
  readonly gaps: readonly PlanGap[];
  readonly file: { readonly people: readonly BurdenLine[]; readonly units: readonly PlanUnit[] };
}

export interface PlanJob {
  readonly id: string;
  readonly state: 'waiting' | 'running' | 'done' | 'refused';
  readonly stage: string | null;
  readonly progress: number;
  readonly plan: { readonly version: number; readonly made: boolean } | null;
  readonly refusal: { readonly code: string; readonly detail: string } | null;
}

/** How often a running job is asked for. */
const ASK_MS = 1_000;

export function plansPath(schedule: string): string {
  return `/v1/schedules/${encodeURIComponent(schedule)}/plans`;
}

/** The plans of a schedule, newest first. */
export function usePlans(schedule: string) {
  return useQuery({
    queryKey: ['schedules', schedule, 'plans'],
    queryFn: ({ signal }) => readAll<PlanHead>(plansPath(schedule), signal),
  });
}

export function usePlan(schedule: string, version: string) {
  return useQuery({
    queryKey: ['schedules', schedule, 'plans', version],
    queryFn: ({ signal }) =>
      read<PlanDetail>(`${plansPath(schedule)}/${encodeURIComponent(version)}`, signal),
  });
}

/** How far a job is, asked again until it has ended. */
export function usePlanJob(job: string | null) {
  return useQuery({
    queryKey: ['plan-jobs', job],
    queryFn: ({ signal }) => read<PlanJob>(`/v1/plan-jobs/${job}`, signal),
    enabled: job !== null,
    refetchInterval: ({ state: { data } }) =>
      data?.state === 'done' || data?.state === 'refused' ? false : ASK_MS,
  });
}

/** What everybody stood from one instant to another. */
export function useStood(schedule: string, window: { readonly from: string; readonly to: string }) {
  const query = new URLSearchParams(window);
  return useQuery({
    queryKey: ['schedules', schedule, 'fairness', window.from, window.to],
    queryFn: ({ signal }) =>
      read<{ readonly people: readonly BurdenLine[] }>(
        `/v1/schedules/${encodeURIComponent(schedule)}/fairness?${query}`,
        signal,
      ),
  });
}
