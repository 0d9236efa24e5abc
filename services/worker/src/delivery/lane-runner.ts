import type { LaneId } from '@watchbill/database';

/** Lane turns at once in one process. Each waits for the network most of the time. */
export const MAX_TURNS = 64;
/** … of which one endpoint may have this many, so that a slow one cannot take every place. */
export const MAX_TURNS_AN_ENDPOINT = 8;
/** Lanes that wait in memory; more are left to the sweep, which asks again. */
export const MAX_WAITING_LANES = 20_000;

export interface LaneRunner {
  /**
   * Starts a turn of this lane, or remembers the lane while its endpoint or the process has no place free. Resolves
   * when there is room for another call, which slows the consumer down while every place is taken.
   */
  submit(lane: LaneId): Promise<void>;
  readonly running: number;
  readonly waiting: number;
  /** Starts no more turns and waits for those that run. Lanes that wait are woken again by the sweep. */
  close(): Promise<void>;
}

export interface LaneRunnerOptions {
  /** One turn. Must not reject. */
  readonly run: (lane: LaneId) => Promise<void>;
  readonly maxTurns?: number;
  readonly maxTurnsAnEndpoint?: number;
  readonly maxWaiting?: number;
}

/**
 * Shares the places of a process among endpoints. It keeps nothing that may not be lost: a lane that is forgotten here
 * is woken again by its `wake_at`.
 */
export function createLaneRunner(options: LaneRunnerOptions): LaneRunner {
  const { run, maxTurns = MAX_TURNS, maxTurnsAnEndpoint = MAX_TURNS_AN_ENDPOINT } = options;
  const runningOf = new Map<string, number>();
  const waiting = createWaitingLanes(options.maxWaiting ?? MAX_WAITING_LANES);
  const turns = new Set<Promise<void>>();
  const heldBack: (() => void)[] = [];
  let closed = false;

  const hasPlace = (endpoint: string): boolean =>
    turns.size < maxTurns && (runningOf.get(endpoint) ?? 0) < maxTurnsAnEndpoint;

  const start = (lane: LaneId): void => {
    const { endpoint } = lane;
    runningOf.set(endpoint, (runningOf.get(endpoint) ?? 0) + 1);
    const turn = run(lane).finally(() => {
      turns.delete(turn);
      const left = (runningOf.get(endpoint) ?? 1) - 1;
      if (left === 0) runningOf.delete(endpoint);
      else runningOf.set(endpoint, left);
      const next = waiting.take(hasPlace);
      if (next !== null) start(next);
      heldBack.shift()?.();
    });
    turns.add(turn);
  };

  return {
    submit: async (lane) => {
      if (closed) return;
      if (hasPlace(lane.endpoint)) start(lane);
      else waiting.add(lane);
      if (turns.size >= maxTurns) await new Promise<void>((resume) => heldBack.push(resume));
    },
    get running() {
      return turns.size;
    },
    get waiting() {
      return waiting.size;
    },
    close: async () => {
      closed = true;
      waiting.clear();
      await Promise.all(turns);
      for (const resume of heldBack.splice(0)) resume();
    },
  };
}

interface WaitingLanes {
  readonly size: number;
  /** Remembers a lane once; forgets it when there are too many. */
  add(lane: LaneId): void;
  /** The lane that is next among the endpoints that have a place. */
  take(hasPlace: (endpoint: string) => boolean): LaneId | null;
  clear(): void;
}

function createWaitingLanes(limit: number): WaitingLanes {
  // By endpoint, in the order in which their turn comes, each with its lanes in the order in which those came.
  const byEndpoint = new Map<string, Map<string, LaneId>>();
  let size = 0;
  return {
    get size() {
      return size;
    },
    add: (lane) => {
      const lanes = byEndpoint.get(lane.endpoint) ?? new Map<string, LaneId>();
      if (lanes.has(lane.lane) || size >= limit) return;
      lanes.set(lane.lane, lane);
      byEndpoint.set(lane.endpoint, lanes);
      size += 1;
    },
    take: (hasPlace) => {
      for (const [endpoint, lanes] of byEndpoint) {
        const [lane] = lanes.values();
        if (lane === undefined || !hasPlace(endpoint)) continue;
        lanes.delete(lane.lane);
        size -= 1;
        // The endpoint goes to the end of the line, behind those that wait longer.
        byEndpoint.delete(endpoint);
        if (lanes.size > 0) byEndpoint.set(endpoint, lanes);
        return lane;
      }
      return null;
    },
    clear: () => {
      byEndpoint.clear();
      size = 0;
    },
  };
}
