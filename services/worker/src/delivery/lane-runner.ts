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
  const maxWaiting = options.maxWaiting ?? MAX_WAITING_LANES;
  const runningOf = new Map<string, number>();
  // By endpoint, in the order in which the endpoints came, each with its lanes in the order in which those came.
  const waitingOf = new Map<string, Map<string, LaneId>>();
  const turns = new Set<Promise<void>>();
  const heldBack: (() => void)[] = [];
  let waiting = 0;
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
      startWaiting();
      heldBack.shift()?.();
    });
    turns.add(turn);
  };

  const startWaiting = (): void => {
    if (closed) return;
    for (const [endpoint, lanes] of waitingOf) {
      if (!hasPlace(endpoint)) continue;
      const [first] = lanes;
      if (first === undefined) continue;
      lanes.delete(first[0]);
      waiting -= 1;
      // The endpoint goes to the end of the line, behind those that wait longer.
      waitingOf.delete(endpoint);
      if (lanes.size > 0) waitingOf.set(endpoint, lanes);
      start(first[1]);
      return;
    }
  };

  const remember = (lane: LaneId): void => {
    const lanes = waitingOf.get(lane.endpoint) ?? new Map<string, LaneId>();
    if (lanes.has(lane.lane) || waiting >= maxWaiting) return;
    lanes.set(lane.lane, lane);
    waitingOf.set(lane.endpoint, lanes);
    waiting += 1;
  };

  return {
    submit: async (lane) => {
      if (closed) return;
      if (hasPlace(lane.endpoint)) start(lane);
      else remember(lane);
      if (turns.size >= maxTurns) await new Promise<void>((resume) => heldBack.push(resume));
    },
    get running() {
      return turns.size;
    },
    get waiting() {
      return waiting;
    },
    close: async () => {
      closed = true;
      waitingOf.clear();
      waiting = 0;
      await Promise.all(turns);
      for (const resume of heldBack.splice(0)) resume();
    },
  };
}
