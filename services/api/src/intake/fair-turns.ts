/** How many may work at once, and wait: of one caller, and of all of them. */
export interface TurnLimits {
  readonly runningOfOne: number;
  readonly runningOfAll: number;
  readonly waitingOfOne: number;
  readonly waitingOfAll: number;
  /** What those who wait may hold in memory, in bytes of what they were sent. */
  readonly bytesOfOne: number;
  readonly bytesOfAll: number;
  /** The longest wait, in milliseconds. */
  readonly waitMs: number;
}

export interface TurnTaker {
  readonly caller: string;
  /** What its request holds in memory. */
  readonly bytes: number;
}

export interface FairTurns {
  /** Runs `work` when it is this caller's turn; `full` without running it when too many wait, or waited too long. */
  take<T>(who: TurnTaker, work: () => Promise<T>): Promise<{ readonly value: T } | 'full'>;
}

interface Line {
  readonly caller: string;
  running: number;
  bytes: number;
  readonly waiting: Waiting[];
}

interface Waiting {
  readonly bytes: number;
  readonly start: () => void;
}

/**
 * Lets callers work in turn: however many requests one of them sends, each of the others is next after one of its own.
 * Everything is in memory and in this process; it keeps one caller from taking every connection of the database.
 */
export function createFairTurns(limits: TurnLimits): FairTurns {
  const lines = createLines(limits);
  return {
    take: async (who, work) => {
      const turn = await lines.turnOf(who);
      if (turn === null) return 'full';
      try {
        return { value: await work() };
      } finally {
        turn.end();
      }
    },
  };
}

interface Turn {
  end(): void;
}

function createLines(limits: TurnLimits): { turnOf(who: TurnTaker): Promise<Turn | null> } {
  // In the order of their turn: whoever has just begun something goes to the end.
  const lines = new Map<string, Line>();
  let running = 0;
  let waiting = 0;
  let bytesWaiting = 0;

  const forgetIdle = (line: Line): void => {
    if (line.running === 0 && line.waiting.length === 0) lines.delete(line.caller);
  };
  const leave = (line: Line, entry: Waiting): void => {
    waiting -= 1;
    line.bytes -= entry.bytes;
    bytesWaiting -= entry.bytes;
  };
  const next = (): void => {
    while (running < limits.runningOfAll) {
      const line = nextLine(lines.values(), limits.runningOfOne);
      const first = line?.waiting.shift();
      if (line === undefined || first === undefined) return;
      leave(line, first);
      lines.delete(line.caller);
      lines.set(line.caller, line);
      line.running += 1;
      running += 1;
      first.start();
    }
  };
  const turnIn = (line: Line): Turn => ({
    end: () => {
      line.running -= 1;
      running -= 1;
      forgetIdle(line);
      next();
    },
  });
  const wait = (line: Line, bytes: number): Promise<Turn | null> =>
    new Promise((resolve) => {
      const entry = {
        bytes,
        start: () => {
          clearTimeout(timer);
          resolve(turnIn(line));
        },
      };
      const timer = setTimeout(() => {
        line.waiting.splice(line.waiting.indexOf(entry), 1);
        leave(line, entry);
        forgetIdle(line);
        resolve(null);
      }, limits.waitMs);
      line.waiting.push(entry);
      waiting += 1;
      line.bytes += bytes;
      bytesWaiting += bytes;
      next();
    });

  return {
    turnOf: async ({ caller, bytes }) => {
      const line = lines.get(caller) ?? { caller, running: 0, bytes: 0, waiting: [] };
      const all = { waiting, bytes: bytesWaiting };
      if (isFull(line, all, { bytes, limits })) return null;
      lines.set(caller, line);
      return wait(line, bytes);
    },
  };
}

function isFull(
  line: Line,
  all: { readonly waiting: number; readonly bytes: number },
  { bytes, limits }: { readonly bytes: number; readonly limits: TurnLimits },
): boolean {
  return (
    line.waiting.length >= limits.waitingOfOne ||
    all.waiting >= limits.waitingOfAll ||
    line.bytes + bytes > limits.bytesOfOne ||
    all.bytes + bytes > limits.bytesOfAll
  );
}

/** Whoever has the least under way; among those whoever has begun nothing for longest. */
function nextLine(lines: Iterable<Line>, runningOfOne: number): Line | undefined {
  let best: Line | undefined;
  for (const line of lines) {
    if (line.waiting.length === 0 || line.running >= runningOfOne) continue;
    if (best === undefined || line.running < best.running) best = line;
  }
  return best;
}
