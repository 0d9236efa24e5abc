/** One way of doing the work. `run` returns something, so that nothing of it can be left out. */
export interface Contestant {
  readonly name: string;
  readonly run: () => unknown;
}

/** How often each contestant runs: first unmeasured, to be warm, then measured. */
export interface Rounds {
  readonly warmUp: number;
  readonly measured: number;
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * The least milliseconds of CPU that each contestant took. They take turns, so that they share every disturbance; CPU
 * and not the clock, since others may be at work on the machine.
 */
export function leastMs(
  contestants: readonly Contestant[],
  { warmUp, measured }: Rounds,
): Map<string, number> {
  const best = new Map<string, number>();
  for (let round = -warmUp; round < measured; round += 1) {
    for (const { name, run } of contestants) {
      const startedAt = cpuMs();
      run();
      const tookMs = cpuMs() - startedAt;
      if (round >= 0) best.set(name, Math.min(best.get(name) ?? Number.POSITIVE_INFINITY, tookMs));
    }
  }
  return best;
}

/** Prints rows under a head, columns as wide as they need to be; the first is text, the others numbers. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? '').length)));
  for (const row of [head, ...rows]) {
    const cells = row.map((cell, i) =>
      i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0),
    );
    console.log(cells.join('  '));
  }
}
