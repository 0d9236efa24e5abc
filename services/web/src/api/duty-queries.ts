import { useQuery } from '@tanstack/react-query';
import { read } from './client.ts';
import { readAll } from './queries.ts';

const LIVE_MS = 30_000;

export interface SwapStretch {
  readonly schedule: string;
  readonly role: string;
  readonly person: string;
  readonly start: string;
  readonly end: string;
}

export interface Swap {
  readonly id: string;
  readonly kind: 'cover' | 'exchange';
  readonly state: string;
  readonly person: string;
  readonly gives: readonly SwapStretch[];
  readonly takes: readonly SwapStretch[];
  readonly asked: readonly string[];
  readonly offers: readonly {
    readonly person: string;
    readonly gives: readonly SwapStretch[];
    readonly takes: readonly SwapStretch[];
  }[];
  readonly reason: string | null;
  readonly acceptedBy: string | null;
  readonly awaiting: readonly string[];
  readonly expiresAt: string;
}

interface PageActor {
  readonly at: string;
  readonly person: string | null;
  readonly actor: string;
}

export interface CalledPage {
  readonly id: string;
  readonly number: number;
  readonly state: string;
  readonly severity: string;
  readonly summary: string;
  readonly schedule: string | null;
  readonly policy: string | null;
  readonly nextStepAt: string | null;
  readonly createdAt: string;
  readonly acknowledged: PageActor | null;
  readonly resolved: PageActor | null;
}

export interface CalledPageDetail extends CalledPage {
  readonly notifications: readonly {
    readonly id: string;
    readonly person: string | null;
    readonly way: string | null;
    readonly status: string;
    readonly dueAt: string;
  }[];
  readonly log: readonly {
    readonly at: string;
    readonly kind: string;
    readonly person: string | null;
    readonly actor: string | null;
    readonly via: string | null;
  }[];
}

/** Swaps that wait for somebody. */
export function useOpenSwaps() {
  return useQuery({
    queryKey: ['swaps'],
    queryFn: ({ signal }) => readAll<Swap>('/v1/swaps?state=open&state=accepted', signal),
    refetchInterval: LIVE_MS,
  });
}

/** Pages that are not resolved, the newest first. */
export function useOpenPages() {
  return useQuery({
    queryKey: ['pages'],
    queryFn: ({ signal }) => readAll<CalledPage>('/v1/pages?state=triggered&state=acknowledged', signal),
    refetchInterval: LIVE_MS,
  });
}

export function useCalledPage(page: string) {
  return useQuery({
    queryKey: ['pages', page],
    queryFn: ({ signal }) => read<CalledPageDetail>(`/v1/pages/${encodeURIComponent(page)}`, signal),
    refetchInterval: LIVE_MS,
  });
}
