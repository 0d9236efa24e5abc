import { setTimeout as sleep } from 'node:timers/promises';
import { type ServiceProcess, spawnService } from '../support/service-process.ts';

/** Processes that are killed and come back, as those of a machine with a supervisor do. */
export interface Fleet {
  readonly kills: number;
  /** Processes that were well and ended by themselves: nothing but a kill may end one. */
  readonly deserters: readonly string[];
  /** kill -9 of one process, as soon as it is ready; it is started again after so long, for which nobody waits here. */
  kill(place: string, awayMs: number): Promise<void>;
  /** Waits until every process is there, ends them in good order and gives their codes. */
  end(): Promise<readonly (number | null)[]>;
  /** Ends whatever still runs, at once. */
  abandon(): Promise<void>;
}

const RESTART_MS = 300;
const READY = /"ready"/;

/** Starts a process for each place (`worker 1` is one of the service `worker`) and waits until all are ready. */
export async function startFleet(
  places: readonly string[],
  environmentOf: (place: string) => Readonly<Record<string, string>>,
): Promise<Fleet> {
  const running = new Map<string, ServiceProcess>();
  const deserters: string[] = [];
  let kills = 0;
  let ending = false;

  const start = (place: string): ServiceProcess => {
    const [service = ''] = place.split(' ');
    const started = spawnService(service, environmentOf(place));
    running.set(place, started);
    void started.exited.then(async ({ signal }) => {
      if (ending || signal === 'SIGKILL') return;
      // What cannot start while a store is away ends, and its supervisor tries again.
      if (READY.test(started.output())) deserters.push(`${place}: ${started.output().slice(-2_000)}`);
      await sleep(RESTART_MS);
      if (!ending) start(place);
    });
    return started;
  };
  for (const place of places) start(place);
  const untilReady = async (place: string): Promise<void> => {
    // It may end and be started again meanwhile: what counts is who is there by then.
    while (!READY.test(running.get(place)?.output() ?? '')) await sleep(50);
  };
  const allReady = (): Promise<unknown> => Promise.all(places.map(untilReady));
  await allReady();

  return {
    get kills() {
      return kills;
    },
    deserters,
    kill: async (place, awayMs) => {
      await untilReady(place);
      kills += 1;
      await running.get(place)?.end('SIGKILL');
      void sleep(awayMs).then(() => (ending ? undefined : start(place)));
    },
    end: async () => {
      await allReady();
      ending = true;
      const exits = await Promise.all([...running.values()].map((one) => one.end('SIGTERM')));
      return exits.map(({ code }) => code);
    },
    abandon: async () => {
      ending = true;
      await Promise.all([...running.values()].map((one) => one.end('SIGKILL')));
    },
  };
}
